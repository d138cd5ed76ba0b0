import { auditChanges, auditEntryBy, type Author } from '../domain/people/audit.ts'
import type { Project } from '../domain/people/project.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Audits } from '../store/people/audits.ts'
import type { Projects } from '../store/registry/projects.ts'

export type RenameProjectDeps = {
  readonly projects: Pick<Projects, 'rename'>
  readonly audits: Pick<Audits, 'write'>
  readonly clock: Pick<Clock, 'now'>
}

/** Gives a project another name, provided that it still has the one that was read. */
export async function renameProject(
  { projects, audits, clock }: RenameProjectDeps,
  by: Author,
  { project, name }: { readonly project: Project; readonly name: string },
): Promise<'renamed' | 'changed'> {
  if (name === project.name) return 'renamed'
  const entry = auditEntryBy(by, clock.now(), {
    projectId: project.id,
    action: 'project-changed',
    subject: { kind: 'project', id: project.id, name: project.name },
    changes: auditChanges({ name: project.name }, { name }),
  })
  return projects.rename(project, name, [audits.write(entry)])
}
