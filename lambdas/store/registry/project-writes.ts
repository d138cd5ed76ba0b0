import type { KeyKind } from '../../domain/people/api-key.ts'
import { uniqueKeyOf } from '../../domain/watching/check.ts'
import type { Project } from '../../domain/people/project.ts'
import type { Item, Write } from '../../runtime/database.ts'
import { pingKeyPrefix, type RegistryKey, registryKeys } from '../keys.ts'
import { type CheckRecord, itemOf, registryItems } from './registry-item.ts'

/** A key as it lies in the registry: where, whose, and what for; never the key. */
export type StoredKey = {
  readonly at: RegistryKey
  readonly projectId: string
  readonly kind: KeyKind
  readonly createdAt: number | undefined
}

/** @throws when the item is no ping key and no API key. */
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
 * Replaces keys. Each old key must still be there, or another rotation came first. The project's
 * write comes first, so that a project that is gone gets no key. It names the ping key, so it
 * changes with that.
 */
export function keyRotation(table: string, { project, kind, key, old, now }: Rotation): Write[] {
  const at = { table, key: registryKeys.project(project.id) }
  const fields = { projectId: project.id, createdAt: now }
  const made =
    kind === 'ping'
      ? itemOf(registryKeys.pingKey(key), fields)
      : itemOf(registryKeys.apiKey(key), { ...fields, access: kind })
  const isSame = 'attribute_exists(pk) AND pingKey = :old'
  return [
    kind === 'ping'
      ? {
          update: {
            ...at,
            update: 'SET pingKey = :new',
            condition: isSame,
            ...pingKeys(project.pingKey, key),
          },
        }
      : { check: { ...at, condition: 'attribute_exists(pk)' } },
    { put: { table, item: made, condition: 'attribute_not_exists(pk)' } },
    ...old.map((each) => ({
      delete: {
        table,
        key: each.at,
        condition: 'attribute_exists(pk)',
      },
    })),
  ]
}

function pingKeys(before: string, after: string) {
  return { values: { ':old': before, ':new': after } }
}

/** Closes a project: no key opens it any more, and no request under way can add a check to it. */
export function projectClosing(
  table: string,
  projectId: string,
  keys: readonly StoredKey[],
): Write[] {
  const census = { table, key: registryKeys.census(projectId) }
  return [
    {
      update: {
        ...census,
        update: 'SET closed = :true',
        condition: 'attribute_exists(pk)',
        values: { ':true': true },
      },
    },
    ...keys.map(({ at }) => ({ delete: { table, key: at } })),
  ]
}

/**
 * Deletes checks and counts them off the census, so that a deletion that broke off shows what is
 * left.
 */
export function checksDeletion(
  table: string,
  projectId: string,
  checks: readonly CheckRecord[],
): Write[] {
  const at = (key: RegistryKey) => ({ table, key })
  return [
    {
      update: {
        ...at(registryKeys.census(projectId)),
        update: 'ADD checks :less',
        condition: 'attribute_exists(pk)',
        values: { ':less': -checks.length },
      },
    },
    ...checks.flatMap(({ id, version, badgeKey }) => [
      {
        delete: {
          ...at(registryKeys.check(projectId, uniqueKeyOf(id))),
          condition: 'version = :version',
          values: { ':version': version },
        },
      },
      { delete: at(registryKeys.owner(id)) },
      { delete: at(registryKeys.badge(badgeKey)) },
    ]),
  ]
}

/** What makes a project a project, once it has no check. */
export function projectDeletion(table: string, projectId: string): Write[] {
  const at = (key: RegistryKey) => ({ table, key })
  const isEmpty = {
    condition: 'checks = :none',
    values: { ':none': 0 },
  }
  return [
    { delete: { ...at(registryKeys.census(projectId)), ...isEmpty } },
    { delete: at(registryKeys.project(projectId)) },
    { delete: at(registryKeys.directory(projectId)) },
  ]
}
