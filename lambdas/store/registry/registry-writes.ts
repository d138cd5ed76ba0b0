import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { type Check, uniqueKeyOf } from '../../domain/watching/check.ts'
import type { CreatedProject } from '../../domain/people/new-project.ts'
import type { Provisions } from '../../domain/watching/provisioning.ts'
import { type RegistryKey, registryKeys } from '../keys.ts'
import { checkItem, type Item, itemOf } from './registry-item.ts'

/**
 * A project with all that hangs on it from the start; a key that another project has makes it fail.
 */
export function projectCreation(
  table: string,
  { project, channel, ...keys }: CreatedProject,
): TransactWriteItem[] {
  const projectId = project.id
  return [
    itemOf(registryKeys.project(projectId), project),
    itemOf(registryKeys.directory(projectId), { projectId }),
    itemOf(registryKeys.census(projectId), { checks: 0, revision: 0 }),
    itemOf(registryKeys.channel(projectId, channel.id), channel),
    itemOf(registryKeys.apiKey(keys.apiKey), { projectId, access: 'read-write' }),
    itemOf(registryKeys.apiKey(keys.apiKeyReadonly), { projectId, access: 'read-only' }),
    itemOf(registryKeys.pingKey(keys.pingKey), { projectId }),
  ].map((item) => putNew(table, item))
}

/**
 * The limit that a new check must keep, and for an upsert the revision at which it found no match.
 * A check that a ping makes brings the count of such checks along, which holds because it was read
 * with the revision.
 */
export type CreationTerms = { readonly limit: number } & Upsert
type Upsert =
  | { readonly revision?: never; readonly provisions?: never }
  | { readonly revision: number; readonly provisions?: Provisions }

/** The census comes first: what it refuses says more than what the others do. */
export function checkCreation(
  table: string,
  check: Check,
  { limit, revision, provisions }: CreationTerms,
): TransactWriteItem[] {
  const hasRoom = 'checks < :limit AND attribute_not_exists(closed)'
  const isUpToDate = 'revision = :revision'
  const counted =
    revision === undefined
      ? {
          UpdateExpression: 'ADD checks :one',
          ConditionExpression: hasRoom,
          ...values({ ':one': 1, ':limit': limit }),
        }
      : {
          UpdateExpression: `ADD checks :one, revision :one${provisions === undefined ? '' : ' SET provisions = :provisions'}`,
          ConditionExpression: `${hasRoom} AND ${isUpToDate}`,
          ...values({
            ':one': 1,
            ':limit': limit,
            ':revision': revision,
            ...(provisions && { ':provisions': provisions }),
          }),
        }
  return [
    { Update: { ...at(table, registryKeys.census(check.projectId)), ...counted, ...showRefused } },
    ...newCheckItems(check).map((item) => putNew(table, item)),
  ]
}

/** A check, and what finds it by its id alone and by its badge. */
export function newCheckItems(check: Check): readonly Item[] {
  const { id: checkId, projectId, badgeKey } = check
  return [
    checkItem(check),
    itemOf(registryKeys.owner(checkId), { projectId }),
    itemOf(registryKeys.badge(badgeKey), { projectId, checkId }),
  ]
}

/** A project that is gone by now must not get a census again. */
export function checkDeletion(table: string, check: Check): TransactWriteItem[] {
  const uncounted = {
    UpdateExpression: 'ADD checks :less',
    ConditionExpression: 'attribute_exists(pk)',
    ...values({ ':less': -1 }),
  }
  return [
    {
      Delete: {
        ...at(table, registryKeys.check(check.projectId, uniqueKeyOf(check.id))),
        ...isUnchanged(check),
      },
    },
    { Delete: at(table, registryKeys.owner(check.id)) },
    { Delete: at(table, registryKeys.badge(check.badgeKey)) },
    { Update: { ...at(table, registryKeys.census(check.projectId)), ...uncounted } },
  ]
}

/** The condition that a check is still of the version that was read. */
export function isUnchanged(check: Check) {
  return {
    ConditionExpression: 'version = :version',
    ...values({ ':version': check.version }),
    ...showRefused,
  }
}

const showRefused = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const

export function putNew(table: string, item: Item): TransactWriteItem {
  return {
    Put: {
      TableName: table,
      Item: item,
      ConditionExpression: 'attribute_not_exists(pk)',
      ...showRefused,
    },
  }
}

function at(table: string, key: RegistryKey): { TableName: string; Key: Item } {
  return { TableName: table, Key: marshall(key) }
}

function values(fields: Readonly<Record<string, number | Provisions>>): {
  ExpressionAttributeValues: Item
} {
  return { ExpressionAttributeValues: marshall(fields) }
}
