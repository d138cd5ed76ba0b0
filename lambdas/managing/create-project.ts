import type { CreatedProject, NewProject } from '../domain/people/new-project.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Random } from '../runtime/random.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { Registry } from '../store/registry/registry.ts'

export type CreateProjectDeps = {
  readonly registry: Pick<Registry, 'createProject'>
  readonly lookups: Pick<Lookups, 'addPingKey'>
  readonly clock: Pick<Clock, 'now'>
  readonly random: Random
}

/**
 * Makes a project with one e-mail channel, and lets pings know its ping key. The registry's stream
 * does so too, but perhaps later than the first ping.
 */
export async function createProject(
  { registry, lookups, clock, random }: CreateProjectDeps,
  wanted: NewProject,
): Promise<CreatedProject | 'key-taken'> {
  const created = await registry.createProject(wanted, clock.now(), random)
  if (created !== 'key-taken') await lookups.addPingKey(created.pingKey, created.project.id)
  return created
}
