import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { KeyKind } from '../../domain/people/api-key.ts'
import { uniqueKeyOf } from '../../domain/watching/check.ts'
import type { Project } from '../../domain/people/project.ts'
import { pingKeyPrefix, type RegistryKey, registryKeys } from '../keys.ts'
import { type CheckRecord, itemOf, registryItems, type Item } from './registry-item.ts'

/** A key as it lies in the registry: where, whose, and what for; never the key. */
export type StoredKey = {
  readonly at: RegistryKey
  readonly projectId: string
  readonly kind: KeyKind
  readonly createdAt: number | undefined
}

/** @throws when the item is none of a key. */
export function storedKeyOf(item: Item): StoredKey {
  const { pk, sk, projectId, access, createdAt } = registryItems.key(item)
  const kind = pk.startsWith(pingKeyPrefix) ? 'ping' : access
  if (kind === undefined) throw new Error('an API key must say what it opens')
  return { at: { pk, sk }, projectId, kind, createdAt }
}

export type Rotation = {
  readonly project: Project
  readonly kind: KeyKind
  readonly key: string
  readonly old: readonly StoredKey[]
  readonly now: number
}

/**
 * A new key in the place of the old: each old one must be there still, or another rotation came
 * first. The project comes first, so that none gets a key that is gone; and it names its ping key,
 * so that changes with it.
 */
export function keyRotation(
  table: string,
  { project, kind, key, old, now }: Rotation,
): TransactWriteItem[] {
  const at = { TableName: table, Key: marshall(registryKeys.project(project.id)) }
  const fields = { projectId: project.id, createdAt: now }
  const made =
    kind === 'ping'
      ? itemOf(registryKeys.pingKey(key), fields)
      : itemOf(registryKeys.apiKey(key), { ...fields, access: kind })
  const isSame = 'attribute_exists(pk) AND pingKey = :old'
  return [
    kind === 'ping'
      ? {
          Update: {
            ...at,
            UpdateExpression: 'SET pingKey = :new',
            ConditionExpression: isSame,
            ...pingKeys(project.pingKey, key),
          },
        }
      : { ConditionCheck: { ...at, ConditionExpression: 'attribute_exists(pk)' } },
    { Put: { TableName: table, Item: made, ConditionExpression: 'attribute_not_exists(pk)' } },
    ...old.map((each) => ({
      Delete: {
        TableName: table,
        Key: marshall(each.at),
        ConditionExpression: 'attribute_exists(pk)',
      },
    })),
  ]
}

function pingKeys(before: string, after: string) {
  return { ExpressionAttributeValues: marshall({ ':old': before, ':new': after }) }
}

/**
 * Closes a project: nothing opens it any more, and no request that is under way can add a check to
 * it.
 */
export function projectClosing(
  table: string,
  projectId: string,
  keys: readonly StoredKey[],
): TransactWriteItem[] {
  const census = { TableName: table, Key: marshall(registryKeys.census(projectId)) }
  const values = { ExpressionAttributeValues: marshall({ ':true': true }) }
  return [
    {
      Update: {
        ...census,
        UpdateExpression: 'SET closed = :true',
        ConditionExpression: 'attribute_exists(pk)',
        ...values,
      },
    },
    ...keys.map(({ at }) => ({ Delete: { TableName: table, Key: marshall(at) } })),
  ]
}

/** The census keeps count, so that a deletion that broke off half-way shows what is left. */
export function checksDeletion(
  table: string,
  projectId: string,
  checks: readonly CheckRecord[],
): TransactWriteItem[] {
  const at = (key: RegistryKey) => ({ TableName: table, Key: marshall(key) })
  return [
    {
      Update: {
        ...at(registryKeys.census(projectId)),
        UpdateExpression: 'ADD checks :less',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: marshall({ ':less': -checks.length }),
      },
    },
    ...checks.flatMap(({ id, version, badgeKey }) => [
      {
        Delete: {
          ...at(registryKeys.check(projectId, uniqueKeyOf(id))),
          ConditionExpression: 'version = :version',
          ExpressionAttributeValues: marshall({ ':version': version }),
        },
      },
      { Delete: at(registryKeys.owner(id)) },
      { Delete: at(registryKeys.badge(badgeKey)) },
    ]),
  ]
}

/** What makes a project a project, once it has no check. */
export function projectDeletion(table: string, projectId: string): TransactWriteItem[] {
  const at = (key: RegistryKey) => ({ TableName: table, Key: marshall(key) })
  const isEmpty = {
    ConditionExpression: 'checks = :none',
    ExpressionAttributeValues: marshall({ ':none': 0 }),
  }
  return [
    { Delete: { ...at(registryKeys.census(projectId)), ...isEmpty } },
    { Delete: at(registryKeys.project(projectId)) },
    { Delete: at(registryKeys.directory(projectId)) },
  ]
}
