import { type Check, uniqueKeyOf } from '../../domain/watching/check.ts'
import type { CreatedProject } from '../../domain/people/new-project.ts'
import type { Provisions } from '../../domain/watching/provisioning.ts'
import type { Fields, Write } from '../../runtime/database.ts'
import { hashOfKey, type RegistryKey, registryKeys } from '../keys.ts'
import { apiKeyItems } from './api-key-item.ts'
import { checkItem, itemOf } from './registry-item.ts'

/**
 * A project with all that hangs on it from the start; a key that another project has makes it fail.
 */
export function projectCreation(
  table: string,
  { project, channel, by, ...keys }: CreatedProject,
): Write[] {
  const { id: projectId, createdAt } = project
  const apiKeys = (['read-write', 'read-only'] as const).flatMap((access) => {
    const key = access === 'read-write' ? keys.apiKey : keys.apiKeyReadonly
    return apiKeyItems(projectId, { hash: hashOfKey(key), name: access, access, by, createdAt })
  })
  return [
    itemOf(registryKeys.project(projectId), project),
    itemOf(registryKeys.directory(projectId), { projectId }),
    itemOf(registryKeys.census(projectId), { checks: 0, revision: 0 }),
    itemOf(registryKeys.channel(projectId, channel.id), channel),
    ...apiKeys,
    itemOf(registryKeys.pingKey(keys.pingKey), { projectId }),
  ].map((item) => putNew(table, item))
}

/**
 * The limit that a new check must keep, and for an upsert the revision at which it found no match.
 * A check that a ping makes also brings the count of such checks, which is right because it was
 * read with the revision.
 */
export type CreationTerms = { readonly limit: number } & Upsert
type Upsert =
  | { readonly revision?: never; readonly provisions?: never }
  | { readonly revision: number; readonly provisions?: Provisions }

/**
 * The creation of checks of one project, all or none. The census comes first, because its refusal
 * says more than those of the others.
 */
export function checkCreation(
  table: string,
  [projectId, checks]: readonly [projectId: string, checks: readonly Check[]],
  { limit, revision, provisions }: CreationTerms,
): Write[] {
  const hasRoom = 'checks <= :room AND attribute_not_exists(closed)'
  const isUpToDate = 'revision = :revision'
  const count = { ':count': checks.length, ':room': limit - checks.length }
  const counted =
    revision === undefined
      ? { update: 'ADD checks :count', condition: hasRoom, values: count }
      : {
          update: `ADD checks :count, revision :one${provisions === undefined ? '' : ' SET provisions = :provisions'}`,
          condition: `${hasRoom} AND ${isUpToDate}`,
          values: {
            ...count,
            ':one': 1,
            ':revision': revision,
            ...(provisions && { ':provisions': provisions }),
          },
        }
  return [
    { update: { ...at(table, registryKeys.census(projectId)), ...counted, ...showRefused } },
    ...checks.flatMap(newCheckItems).map((item) => putNew(table, item)),
  ]
}

/** The items of a check, and those that find it by its id alone and by its badge. */
export function newCheckItems(check: Check): readonly Fields[] {
  const { id: checkId, projectId, badgeKey } = check
  return [
    checkItem(check),
    itemOf(registryKeys.owner(checkId), { projectId }),
    itemOf(registryKeys.badge(badgeKey), { projectId, checkId }),
  ]
}

/** The next revision of a census, which nobody has changed since it was read. */
export function revisionGrowth(table: string, projectId: string, revision: number): Write {
  return {
    update: {
      ...at(table, registryKeys.census(projectId)),
      update: 'ADD revision :one',
      condition: 'revision = :revision',
      values: { ':one': 1, ':revision': revision },
      ...showRefused,
    },
  }
}

/** Deletes a check. A project that is gone by now must not get a census again. */
export function checkDeletion(table: string, check: Check): Write[] {
  const uncounted = {
    update: 'ADD checks :less',
    condition: 'attribute_exists(pk)',
    values: { ':less': -1 },
  }
  return [
    {
      delete: {
        ...at(table, registryKeys.check(check.projectId, uniqueKeyOf(check.id))),
        ...isUnchanged(check),
      },
    },
    { delete: at(table, registryKeys.owner(check.id)) },
    { delete: at(table, registryKeys.badge(check.badgeKey)) },
    { update: { ...at(table, registryKeys.census(check.projectId)), ...uncounted } },
  ]
}

/** The condition that a check is still of the version that was read. */
export function isUnchanged(check: Check) {
  return {
    condition: 'version = :version',
    values: { ':version': check.version },
    ...showRefused,
  }
}

const showRefused = { showsFound: true }

export function putNew(table: string, item: Fields): Write {
  return {
    put: {
      table,
      item,
      condition: 'attribute_not_exists(pk)',
      ...showRefused,
    },
  }
}

function at(table: string, key: RegistryKey) {
  return { table, key }
}
