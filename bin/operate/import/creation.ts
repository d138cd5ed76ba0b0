import { type Check, definitionOf } from '../../../lambdas/domain/watching/check.ts'
import type { Project } from '../../../lambdas/domain/people/project.ts'
import { stateLossOf } from '../../../lambdas/domain/watching/state-loss.ts'
import { clock } from '../../../lambdas/runtime/clock.ts'
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

/** Stores a new check and its heartbeat, as the API does: a ping right behind it finds it. */
export async function create(
  { registry, heartbeats }: Deployment,
  check: Check,
  terms: { readonly limit: number; readonly revision?: number },
): Promise<'created' | 'full' | 'raced'> {
  const stored = (await heartbeats.versions([check.id])).get(check.id) ?? 0
  const made = { ...check, version: stored + VERSION_MARGIN }
  const outcome = await registry.createCheck(made, terms)
  if (outcome === 'created') await heartbeats.define(made.id, definitionOf(made))
  return outcome
}

/**
 * Sees to it that a check that is there already can be pinged, should an earlier run have broken
 * off between its two writes.
 */
export async function define({ heartbeats }: Deployment, check: Check): Promise<void> {
  const stored = (await heartbeats.versions([check.id])).get(check.id) ?? 0
  if (stored < check.version)
    await heartbeats.define(check.id, definitionOf(check), stateLossOf(check, clock.now()))
}
