import { channelOf } from '../../../lambdas/channels/kinds.ts'
import { ZodError } from 'zod'
import type { Window } from '../../../lambdas/domain/watching/window.ts'
import type { Project } from '../../../lambdas/domain/people/project.ts'
import { everyProject } from '../../../lambdas/domain/people/user.ts'
import type { KnownUser } from '../../../lambdas/store/people/users.ts'
import type { Windows } from '../../../lambdas/store/registry/windows.ts'
import { type NoteUnreadable, readEach } from '../../../lambdas/store/items/read-each.ts'
import type { CommandAnswer, Terminal } from '../command-answer.ts'
import { writePrivate } from '../private-file.ts'
import type { Deployment } from '../target.ts'
import { type Backup, formatBackup, type ProjectBackup } from './document.ts'

export type ExportOptions = { readonly out?: string }

/**
 * Writes down all projects with their channels, checks and keys: as the answer, or to a file that
 * only its owner may read.
 */
export async function exportAll(
  deployment: Deployment,
  { out }: ExportOptions,
  terminal: Terminal,
): Promise<CommandAnswer> {
  const unreadable: string[] = []
  const backup = await readBackup(deployment, terminal, (item) => unreadable.push(item))
  const text = formatBackup(backup)
  terminal.note(
    'overdue: keep this as you keep a password: it holds ping keys, addresses, what webhooks send and the secrets of channels',
  )
  if (out !== undefined) await writePrivate(out, `${text}\n`)
  if (unreadable.length > 0)
    throw new Error(
      `these items of the registry can't be read, and are no part of the export: ${unreadable.join(', ')}`,
    )
  if (out === undefined) return { text, json: JSON.parse(text) as unknown }
  const counts = countsOf(backup)
  return {
    text: `${countsText(counts)} are written to ${out}. What pings have left is no part of it.`,
    json: { file: out, ...counts },
  }
}

export type Counts = {
  readonly projects: number
  readonly checks: number
  readonly channels: number
  /** Absent where there are none, as users. */
  readonly windows?: number
  readonly users?: number
}

export function countsOf({ projects, users = [] }: Pick<Backup, 'projects' | 'users'>): Counts {
  const sum = (of: (project: ProjectBackup) => number) =>
    projects.reduce((total, project) => total + of(project), 0)
  const windows = sum((project) => project.windows?.length ?? 0)
  return {
    projects: projects.length,
    checks: sum(({ checks }) => checks.length),
    channels: sum(({ channels }) => channels.length),
    ...(windows === 0 ? {} : { windows }),
    ...(users.length === 0 ? {} : { users: users.length }),
  }
}

export function countsText({ projects, checks, channels, windows, users }: Counts): string {
  const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
  const people = users === undefined ? '' : `, and ${counted(users, 'user')},`
  const others = windows === undefined ? '' : ` and ${counted(windows, 'window')}`
  return `${counted(projects, 'project')} with ${counted(checks, 'check')} and ${counted(channels, 'channel')}${others}${people}`
}

/**
 * All that a deployment was told and that can be read, as it is now. What somebody changes
 * meanwhile is in it as it was before, or as it is after.
 */
export async function readBackup(
  { registry, projects, apiKeys, windows, users }: Deployment,
  terminal: Terminal,
  note?: NoteUnreadable,
): Promise<Backup> {
  const all = await registry.projects(note)
  const read: ProjectBackup[] = []
  for (const project of all) {
    // The channels after the checks that name them, so that none of these is missing.
    const checks = await registry.checks(project.id, note)
    const stored = await registry.channels(project.id, note)
    const channels = readEach(stored, channelOf, { nameOf: ({ id }) => id, note })
    const { closed } = await registry.census(project.id)
    const keys = await apiKeys.stored(project.id, note)
    const pingKeyCreatedAt = await projects.pingKeySince(project)
    const definitions = checks.map(({ projectId: _, ...check }) => ({
      ...check,
      channelIds: [...check.channelIds],
    }))
    read.push({
      ...project,
      ...(pingKeyCreatedAt === undefined ? {} : { pingKeyCreatedAt }),
      apiKeys: [...keys],
      ...(closed === undefined ? {} : { closed }),
      channels: [...channels],
      ...windowsPart(await readWindows(windows, project.id, note)),
      checks: definitions,
    })
    terminal.note(`overdue: read ${read.length} of ${all.length} projects`)
  }
  return { schemaVersion: 1, ...usersPart(await users.all(note), all), projects: read }
}

/** Those that can't be read hide nothing else of the project. */
async function readWindows(
  windows: Windows,
  projectId: string,
  note?: NoteUnreadable,
): Promise<readonly Window[]> {
  try {
    return (await windows.of(projectId)).windows
  } catch (error) {
    if (!(error instanceof ZodError)) throw error
    note?.(`windows of ${projectId}`)
    return []
  }
}

/** A role in a project that was made meanwhile is left out, as the project is. */
function usersPart(
  known: readonly KnownUser[],
  projects: readonly Project[],
): Pick<Backup, 'users'> {
  const places = new Set([everyProject, ...projects.map(({ id }) => id)])
  const users = known.map(({ user, memberships }) => ({
    ...user,
    roles: memberships
      .filter(({ projectId }) => places.has(projectId))
      .map(({ userId: _, ...role }) => role),
  }))
  return users.length === 0 ? {} : { users }
}

function windowsPart(windows: readonly Window[]): Pick<ProjectBackup, 'windows'> {
  return windows.length === 0
    ? {}
    : { windows: windows.map(({ number: _, since: __, ...window }) => window) }
}
