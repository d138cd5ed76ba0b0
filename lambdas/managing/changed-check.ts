import type { Project } from '../domain/people/project.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { hasTellingRules } from '../domain/watching/rules.ts'
import { type LookupDeps, publishLookup } from '../store/publishing.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import { definedHeartbeat, type DefinedHeartbeatDeps } from './defined-heartbeat.ts'

export type ChangedCheckDeps = DefinedHeartbeatDeps &
  LookupDeps & {
    readonly registry: Pick<Registry, 'project'>
    readonly heartbeats: Pick<Heartbeats, 'lookAgain'>
  }

/** Writes the copies that pings read of a check that existed before. @returns its heartbeat */
export async function publishChanged(
  deps: ChangedCheckDeps,
  check: Check,
): Promise<Heartbeat | undefined> {
  const heartbeat = await definedHeartbeat(deps, check)
  const { pingKey } = await projectOf(deps, check.projectId)
  await publishLookup(deps, check, pingKey)
  // What is told of its outage may be told otherwise by now. A second try looks again, too.
  if (heartbeat?.status === 'down' && hasTellingRules(check.rules))
    await deps.heartbeats.lookAgain(check.id, deps.clock.now())
  return heartbeat
}

/** A project that is known to be there. */
export async function projectOf(
  { registry }: { readonly registry: Pick<Registry, 'project'> },
  projectId: string,
): Promise<Project> {
  const project = await registry.project(projectId)
  if (project === undefined)
    throw new Error(`project ${projectId} is written to, but does not exist`)
  return project
}
