import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { auditChanges, auditEntryBy } from '../../../lambdas/domain/people/audit.ts'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import { restoredWindows } from '../../../lambdas/domain/watching/window.ts'
import { theOperator } from '../author.ts'
import type { CommandAnswer, Terminal } from '../command-answer.ts'
import { publishIfBehind, VERSION_MARGIN } from '../republishing.ts'
import type { Deployment } from '../target.ts'
import { type CheckBackup, parseBackup, type ProjectBackup, type UserBackup } from './document.ts'
import { countsOf, countsText, readBackup } from './export.ts'
import { missingUsers, planRestore, type Task } from './plan.ts'

const VERSIONS_AT_ONCE = 1000
const ROLES_AT_ONCE = 30

type Open = Extract<Task, { readonly state: 'open' }>

/**
 * Restores what an export has written down, with all ids and keys. Everything is read and checked
 * before the first write; broken off half-way, it goes on from there when it is run again.
 */
export async function restoreAll(
  deployment: Deployment,
  file: string,
  terminal: Terminal,
): Promise<CommandAnswer> {
  const wanted = parseBackup(
    file === '-' ? await text(process.stdin) : await readFile(file, 'utf8'),
  )
  const unreadable: string[] = []
  const there = await readBackup(deployment, terminal, (item) => unreadable.push(item))
  // An item that can't be read is not missing.
  if (unreadable.length > 0)
    throw new Error(
      `nothing is restored: these items of the registry are there, but can't be read: ${unreadable.join(', ')}`,
    )
  const tasks = planRestore(wanted, there)
  const users = missingUsers(wanted, there, tasks)
  const open = tasks.filter((task) => task.state === 'open')
  for (const task of open) await restoreContent(deployment, task, terminal)
  for (const user of users) must(await restoreUser(deployment, user))
  // Keys come last, so that nobody can change an incomplete project, or is told of one.
  for (const { project } of open) {
    await noteRestore(deployment, project)
    if (project.closed === undefined) must(await deployment.backups.addKeys(project.id, project))
  }
  return answerOf({ tasks, users }, deployment)
}

/** Who has no role can do nothing, and is left out. */
async function restoreUser(
  { users }: Deployment,
  { roles, ...user }: UserBackup,
): Promise<'created' | 'taken'> {
  const memberships = roles.map((role) => ({ ...role, userId: user.id }))
  if (memberships.length === 0) return 'created'
  const outcome = await users.create(user, memberships.slice(0, ROLES_AT_ONCE))
  if (outcome !== 'created') return 'taken'
  for (const membership of memberships.slice(ROLES_AT_ONCE))
    if ((await users.join(membership)) !== 'joined') return 'taken'
  return outcome
}

async function noteRestore(
  { audits, clock }: Deployment,
  { id, name, checks }: ProjectBackup,
): Promise<void> {
  const subject = { kind: 'project', id, name } as const
  const changes = auditChanges({}, { checks: String(checks.length) })
  const change = { projectId: id, action: 'project-restored', subject, changes } as const
  await audits.put(auditEntryBy(theOperator(), clock.now(), change))
}

async function restoreContent(
  deployment: Deployment,
  { project, isThere, channels, windows, checks }: Open,
  terminal: Terminal,
): Promise<void> {
  const { backups } = deployment
  const { id, name, pingKey, badgeKey, checkLimit, createdAt, closed } = project
  if (!isThere)
    must(await backups.addProject({ id, name, pingKey, badgeKey, checkLimit, createdAt }, closed))
  must(await backups.addChannels(id, channels))
  // Above what copies and heartbeats may still know: nobody changes windows once a second.
  const revision = Math.floor(deployment.clock.now() / 1000)
  if (windows.length > 0) must(await backups.addWindows(id, restoredWindows(windows, revision)))
  let restored = project.checks.length - checks.length
  for await (const some of backups.addChecks(id, await renewed(deployment, id, checks))) {
    restored += must(some).length
    terminal.note(`overdue: ${restored} of ${project.checks.length} checks of "${name}" restored`)
  }
  // Those too that an earlier run did not reach.
  await publishIfBehind(deployment, await deployment.registry.checks(id), pingKey)
}

/** @throws when somebody else has written what was missing a moment ago. */
function must<T>(outcome: T | 'taken'): T {
  if (outcome === 'taken')
    throw new Error(
      'somebody else is writing to this deployment; nothing of theirs was changed, run this again',
    )
  return outcome
}

/**
 * The checks as the document has them; but above what pings already know under their ids. Of a
 * check that was deleted lately there is a tombstone, and of one whose registry was lost a
 * heartbeat: a lower version would be taken for an old one.
 */
async function renewed(
  { heartbeats, lookups }: Deployment,
  projectId: string,
  checks: readonly CheckBackup[],
): Promise<readonly Check[]> {
  const made: Check[] = []
  for (let from = 0; from < checks.length; from += VERSIONS_AT_ONCE) {
    const some = checks.slice(from, from + VERSIONS_AT_ONCE)
    const ids = some.map(({ id }) => id)
    const [versions, known] = await Promise.all([heartbeats.versions(ids), lookups.readMany(ids)])
    for (const check of some) {
      const stored = Math.max(versions.get(check.id) ?? 0, known.get(check.id)?.version ?? 0)
      made.push({
        ...check,
        projectId,
        version: stored > check.version ? stored + VERSION_MARGIN : check.version,
      })
    }
  }
  return made
}

function answerOf(
  { tasks, users }: { readonly tasks: readonly Task[]; readonly users: readonly UserBackup[] },
  { pingEndpoint }: Deployment,
): CommandAnswer {
  const of = (state: Task['state']) =>
    tasks.filter((task) => task.state === state).map(({ project }) => project)
  const [restored, kept] = [of('open'), of('finished')]
  const differing = tasks
    .filter((task) => task.state === 'finished' && task.differs)
    .map(({ project }) => project)
  const counts = countsOf({ projects: restored, users: [...users] })
  const lines = [
    restored.length === 0 && users.length === 0
      ? 'Nothing to do: all projects of the document are there already.'
      : `${countsText(counts)} are restored.`,
    ...differing.map(
      ({ name, id }) =>
        `The project "${name}" (${id}) stays as it is here, which differs from the document.`,
    ),
    ...(restored.length === 0
      ? []
      : [
          `Pings go to ${pingEndpoint}/<uuid>. What earlier pings had left is lost: no check can be overdue before its next ping.`,
        ]),
  ]
  const failure = {
    failure: `${differing.length} of ${tasks.length} projects differ from the document`,
  }
  const ids = (projects: readonly ProjectBackup[]) => projects.map(({ id }) => id)
  const json = {
    restored: counts,
    kept: ids(kept),
    differing: ids(differing),
  }
  return { text: lines.join('\n'), json, ...(differing.length === 0 ? {} : failure) }
}
