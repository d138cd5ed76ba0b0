import { auditChanges, type Audited } from '../../lambdas/domain/people/audit.ts'
import type { Project } from '../../lambdas/domain/people/project.ts'
import { auditWrites } from '../../lambdas/managing/audit-writes.ts'
import { registryKeys } from '../../lambdas/store/keys.ts'
import { unpublish } from '../../lambdas/store/publishing.ts'
import { MOST_CHECKS_AT_ONCE } from '../../lambdas/store/registry/projects.ts'
import type { CheckRecord } from '../../lambdas/store/registry/registry-item.ts'
import { theOperator } from './author.ts'
import type { CommandAnswer, Terminal } from './command-answer.ts'
import type { Deployment } from './target.ts'

const ROUNDS = 10

/**
 * Deletes a project with all it has. Its keys go first, so that nothing is added meanwhile; then
 * its checks, each leaving a tombstone, so that pings are answered as for unknown checks; then the
 * rest. Broken off half-way, it goes on from there when it is run again.
 */
export async function deleteProject(
  deployment: Deployment,
  projectId: string,
  terms: { isMeant: boolean; terminal: Terminal },
): Promise<CommandAnswer> {
  const project = await deployment.registry.project(projectId)
  if (project === undefined)
    throw new Error(`there is no project ${projectId}; overdue project list shows all`)
  if (!terms.isMeant) throw new Error(await warning(deployment, project))
  await deployment.projects.close(projectId)
  const deleted = await deleteChecks(deployment, projectId, terms.terminal)
  const beside = auditWrites(deployment, theOperator(), deletionOfProject(project, deleted))
  if ((await deployment.projects.remove(projectId, beside)) === 'has-checks')
    throw new Error('the project still has checks; run this again')
  return {
    text: `The project "${project.name}" is deleted, with ${counted(deleted, 'check')}, its channels and its keys.`,
    json: { project: projectId, name: project.name, checks: deleted },
  }
}

function deletionOfProject({ id, name }: Project, checks: number): Audited {
  const subject = { kind: 'project', id, name } as const
  const changes = auditChanges({ name, checks: String(checks) }, {})
  return { projectId: id, action: 'project-deleted', subject, changes }
}

async function warning({ registry }: Deployment, { id, name }: Project): Promise<string> {
  const [{ checks }, channels] = [await registry.census(id), await registry.channelNames(id)]
  const all = `${counted(checks, 'check')}, ${counted(channels.length, 'channel')} and its keys`
  return `nothing is deleted yet: the project "${name}" goes with ${all}, for good; to delete it, add --yes`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** How many checks there were. What changes between reading and deleting is read again. */
async function deleteChecks(
  deployment: Deployment,
  projectId: string,
  terminal: Terminal,
): Promise<number> {
  let deleted = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const unreadable: string[] = []
    const checks = await deployment.registry.checkRecords(projectId, (check) =>
      unreadable.push(check),
    )
    if (checks.length === 0 && unreadable.length > 0)
      throw new Error(inNeedOfMending(projectId, unreadable))
    if (checks.length === 0) return deleted
    for (let from = 0; from < checks.length; from += MOST_CHECKS_AT_ONCE) {
      const some = checks.slice(from, from + MOST_CHECKS_AT_ONCE)
      if ((await deployment.projects.deleteChecks(projectId, some)) === 'deleted')
        deleted += await bury(deployment, some)
      terminal.note(`overdue: ${deleted} checks deleted`)
    }
  }
  throw new Error(
    `checks of the project are being changed by others; ${deleted} are deleted, run this again for the rest`,
  )
}

function inNeedOfMending(projectId: string, checks: readonly string[]): string {
  const { pk } = registryKeys.project(projectId)
  const needed = 'a check goes by its id, version and badgeKey'
  return `checks ${checks.join(', ')} can't be deleted: ${needed}; mend those in the Registry table, under ${pk}, and run this again`
}

/** The registry's stream does not do the same for a check that can't be read. */
async function bury(deployment: Deployment, checks: readonly CheckRecord[]): Promise<number> {
  await Promise.all(checks.map(({ id, version }) => unpublish(deployment, id, version + 1)))
  return checks.length
}
