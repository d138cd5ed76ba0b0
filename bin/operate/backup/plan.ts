import { isDeepStrictEqual } from 'node:util'
import type { Channel } from '../../../lambdas/channels/kinds.ts'
import type { Backup, CheckBackup, ProjectBackup, UserBackup, WindowBackup } from './document.ts'

/**
 * What is left to do for a project of the document. One that is finished has its keys: people may
 * have changed it since.
 */
export type Task = { readonly project: ProjectBackup } & (
  | { readonly state: 'finished'; readonly differs: boolean }
  | {
      readonly state: 'open'
      readonly isThere: boolean
      readonly channels: readonly Channel[]
      readonly windows: readonly WindowBackup[]
      readonly checks: readonly CheckBackup[]
    }
)

const MOST_NAMED = 5

/**
 * What a restore has to add to what is there: to an empty deployment all, to one in which a restore
 * of this document was broken off what is missing. Keys are added last, when nothing else is
 * missing any more, so a project that has them is restored.
 * @throws when what is there comes from elsewhere, naming it
 */
export function planRestore(wanted: Backup, there: Backup): readonly Task[] {
  const foreign = there.projects.filter(
    ({ id }) => !wanted.projects.some((project) => project.id === id),
  )
  if (foreign.length > 0)
    throw new Error(
      `the deployment is not empty: it has ${named(foreign)}, which the document does not have`,
    )
  const tasks = wanted.projects.map((project) =>
    taskOf(
      project,
      there.projects.find(({ id }) => id === project.id),
    ),
  )
  const finished = tasks.filter(({ state }) => state === 'finished').map(({ project }) => project)
  if (finished.length > 0 && tasks.some(isIncomplete)) {
    throw new Error(
      `the deployment is not empty: ${named(finished)} can be in use there; only what is not there yet can be restored`,
    )
  }
  return tasks
}

/**
 * The users that a restore has to add. Where all projects are in use already, somebody may have
 * been taken out since.
 * @throws when there is one that the document does not have
 */
export function missingUsers(
  { users = [] }: Backup,
  there: Backup,
  tasks: readonly Task[],
): readonly UserBackup[] {
  const ids = new Set(there.users?.map(({ id }) => id))
  const foreign = there.users?.find(({ id }) => !users.some((user) => user.id === id))
  if (foreign !== undefined)
    throw new Error(
      `the deployment is not empty: it has the user ${foreign.email}, whom the document does not have`,
    )
  const isDone = tasks.length > 0 && tasks.every(({ state }) => state === 'finished')
  return isDone ? [] : users.filter(({ id }) => !ids.has(id))
}

function named(projects: readonly ProjectBackup[]): string {
  const names = projects.slice(0, MOST_NAMED).map(({ name, id }) => `"${name}" (${id})`)
  const more = projects.length - names.length
  return `the project${projects.length === 1 ? '' : 's'} ${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}`
}

function isIncomplete(task: Task): boolean {
  if (task.state === 'finished') return false
  const { isThere, channels, windows, checks } = task
  return !isThere || channels.length > 0 || windows.length > 0 || checks.length > 0
}

function taskOf(project: ProjectBackup, there: ProjectBackup | undefined): Task {
  if (there === undefined)
    return {
      state: 'open',
      project,
      isThere: false,
      channels: project.channels,
      windows: project.windows ?? [],
      checks: project.checks,
    }
  if (there.apiKeys.length > 0)
    return { state: 'finished', project, differs: !isSame(project, there) }
  if (!isDeepStrictEqual(ownFieldsOf(project), ownFieldsOf(there)))
    throw new Error(foreignPart(project, 'is there and differs'))
  return {
    state: 'open',
    project,
    isThere: true,
    channels: missing(project, project.channels, there.channels),
    windows: missingWindows(project, there),
    checks: missing(project, project.checks, there.checks),
  }
}

function isSame(project: ProjectBackup, there: ProjectBackup): boolean {
  const comparable = (each: ProjectBackup) => ({
    ...ownFieldsOf(each),
    channels: byId(each.channels),
    windows: each.windows,
    checks: byId(each.checks.map(withoutVersion)),
  })
  return isDeepStrictEqual(comparable(project), comparable(there))
}

function ownFieldsOf({
  id,
  name,
  pingKey,
  badgeKey,
  checkLimit,
  createdAt,
  closed,
}: ProjectBackup) {
  return { id, name, pingKey, badgeKey, checkLimit, createdAt, closed }
}

/** They are restored all at once. @throws when there are some that are not the document's. */
function missingWindows(project: ProjectBackup, there: ProjectBackup): readonly WindowBackup[] {
  if (there.windows === undefined) return project.windows ?? []
  if (!isDeepStrictEqual(there.windows, project.windows))
    throw new Error(foreignPart(project, 'has windows that differ from the document'))
  return []
}

type Part = Channel | CheckBackup

/** @throws when there is one that is not the document's. */
function missing<T extends Part>(
  project: ProjectBackup,
  wanted: readonly T[],
  there: readonly T[],
): readonly T[] {
  const known = byId(wanted)
  for (const part of there) {
    const same = known.get(part.id)
    if (same === undefined)
      throw new Error(foreignPart(project, `has ${part.id}, which the document does not have`))
    if (!isDeepStrictEqual(withoutVersion(same), withoutVersion(part)))
      throw new Error(foreignPart(project, `has ${part.id}, which differs from the document`))
  }
  const found = byId(there)
  return wanted.filter(({ id }) => !found.has(id))
}

function foreignPart({ name, id }: ProjectBackup, what: string): string {
  return `the deployment is not empty: the project "${name}" (${id}) ${what}`
}

/** A restore may raise versions. */
function withoutVersion<T extends Part>(part: T): Omit<T, 'version'> {
  const { version: _, ...rest } = part
  return rest
}

function byId<T extends { readonly id: string }>(parts: readonly T[]): ReadonlyMap<string, T> {
  return new Map(parts.map((part) => [part.id, part]))
}
