import type { Check } from '../../../lambdas/domain/watching/check.ts'
import type { Project } from '../../../lambdas/domain/people/project.ts'
import { publish } from '../../../lambdas/store/publishing.ts'
import type { Deployment } from '../target.ts'

/** Where an import goes: a project, and its channels. */
export type Destination = { readonly project: Project; readonly channelIds: readonly string[] }

/** @throws when there is no such project. */
export async function findDestination(
  { registry }: Deployment,
  projectId: string,
): Promise<Destination> {
  const project = await registry.project(projectId)
  if (project === undefined)
    throw new Error(`there is no project ${projectId}; overdue project list shows all`)
  return { project, channelIds: (await registry.channelNames(projectId)).map(({ id }) => id) }
}

/**
 * How far the version of a check that is made anew under an old UUID lies above what is stored of
 * it. The tombstone of a deleted check is there already, or on its way still at a version that no
 * table tells: the new definition must exceed both, or it would be taken for an old one. Nobody
 * changes a check this often within the hour for which a change is followed.
 */
export const VERSION_MARGIN = 1000

/** Stores a new check and tells pings of it, as the API does: one right behind it finds it. */
export async function create(
  deployment: Deployment,
  check: Check,
  { checkLimit: limit, pingKey }: Project,
): Promise<'created' | 'full' | 'raced'> {
  const made = { ...check, version: (await storedVersion(deployment, check)) + VERSION_MARGIN }
  const outcome = await deployment.registry.createCheck(made, { limit })
  if (outcome === 'created') await publish(deployment, made, pingKey)
  return outcome
}

/**
 * Sees to it that a check that is there already can be pinged, should an earlier run have broken
 * off between its writes.
 */
export async function publishIfBehind(
  deployment: Deployment,
  check: Check,
  { pingKey }: Project,
): Promise<void> {
  if ((await storedVersion(deployment, check)) < check.version)
    await publish(deployment, check, pingKey)
}

async function storedVersion({ heartbeats }: Deployment, { id }: Check): Promise<number> {
  return (await heartbeats.versions([id])).get(id) ?? 0
}
