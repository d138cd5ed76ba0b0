import { auditChanges, type Author, nameOfActor } from '../domain/people/audit.ts'
import type { CreatedProject, NewProject } from '../domain/people/new-project.ts'
import type { Random } from '../runtime/random.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { Registry } from '../store/registry/registry.ts'
import { type NotingDeps, auditWrites } from './audit-writes.ts'

export type CreateProjectDeps = NotingDeps & {
  readonly registry: Pick<Registry, 'createProject'>
  readonly lookups: Pick<Lookups, 'addPingKey'>
  readonly random: Random
}

/**
 * Makes a project with one e-mail channel, and lets pings know its ping key. The registry's stream
 * does so too, but perhaps later than the first ping.
 */
export async function createProject(
  deps: CreateProjectDeps,
  wanted: NewProject,
  by: Author,
): Promise<CreatedProject | 'key-taken'> {
  const { registry, lookups, clock, random } = deps
  const besides = ({ project: { id: projectId, name } }: CreatedProject) =>
    auditWrites(deps, by, {
      projectId,
      action: 'project-created',
      subject: { kind: 'project', id: projectId, name },
      changes: auditChanges({}, { name, email: wanted.email }),
    })
  const noted = { ...wanted, by: nameOfActor(by.actor), besides }
  const created = await registry.createProject(noted, clock.now(), random)
  if (created !== 'key-taken') await lookups.addPingKey(created.pingKey, created.project.id)
  return created
}
