import type { Check } from '../../../lambdas/domain/watching/check.ts'
import type { Project } from '../../../lambdas/domain/people/project.ts'
import { publish } from '../../../lambdas/store/publishing.ts'
import { VERSION_MARGIN } from '../republishing.ts'
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

/** Creates a check and publishes it, as the API does, so that a ping right after it finds it. */
export async function create(
  deployment: Deployment,
  check: Check,
  { checkLimit: limit, pingKey }: Project,
): Promise<'created' | 'full' | 'raced'> {
  const { registry, heartbeats } = deployment
  const stored = (await heartbeats.versions([check.id])).get(check.id) ?? 0
  const made = { ...check, version: stored + VERSION_MARGIN }
  const outcome = await registry.createCheck(made, { limit })
  if (outcome === 'created') await publish(deployment, made, pingKey)
  return outcome
}
