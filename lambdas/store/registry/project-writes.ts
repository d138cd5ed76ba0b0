import { uniqueKeyOf } from '../../domain/watching/check.ts'
import type { Project } from '../../domain/people/project.ts'
import type { Write } from '../../runtime/database.ts'
import { type RegistryKey, registryKeys } from '../keys.ts'
import { keysOfApiKey, type StoredApiKey } from './api-key-item.ts'
import { type CheckRecord, itemOf } from './registry-item.ts'
import { putNew } from './registry-writes.ts'

export type PingKeyRotation = {
  readonly project: Project
  readonly key: string
  readonly now: number
}

/**
 * Replaces the ping key of a project, which must still be the one that was read. The project names
 * it, so it changes with it.
 */
export function pingKeyRotation(table: string, { project, key, now }: PingKeyRotation): Write[] {
  const { id: projectId, pingKey: old } = project
  return [
    {
      update: {
        table,
        key: registryKeys.project(projectId),
        update: 'SET pingKey = :new',
        condition: 'attribute_exists(pk) AND pingKey = :old',
        values: { ':old': old, ':new': key },
      },
    },
    putNew(table, itemOf(registryKeys.pingKey(key), { projectId, createdAt: now })),
    { delete: { table, key: registryKeys.pingKey(old) } },
  ]
}

/** Closes a project: no key opens it any more, and no request under way can add a check to it. */
export function projectClosing(
  table: string,
  { id: projectId, pingKey }: Pick<Project, 'id' | 'pingKey'>,
  apiKeys: readonly StoredApiKey[],
): Write[] {
  const census = { table, key: registryKeys.census(projectId) }
  const keys = [
    registryKeys.pingKey(pingKey),
    ...apiKeys.flatMap(({ hash }) => keysOfApiKey(projectId, hash)),
  ]
  return [
    {
      update: {
        ...census,
        update: 'SET closed = :true',
        condition: 'attribute_exists(pk)',
        values: { ':true': true },
      },
    },
    ...keys.map((key) => ({ delete: { table, key } })),
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
