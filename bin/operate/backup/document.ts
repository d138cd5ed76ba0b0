import { z } from 'zod'
import { storedChannelShape } from '../../../lambdas/channels/kinds.ts'
import { areInBounds } from '../../../lambdas/domain/watching/rule-bounds.ts'
import { uniqueKeyOf } from '../../../lambdas/domain/watching/check.ts'
import {
  canonicalTimeZone,
  isInBounds,
  isSchedule,
  scheduleBounds,
} from '../../../lambdas/domain/schedule/schedule.ts'
import {
  isWindowLength,
  windowLimit,
  windowSeconds,
} from '../../../lambdas/domain/watching/window.ts'
import { emailAddress } from '../../../lambdas/domain/people/email-address.ts'
import { everyProject } from '../../../lambdas/domain/people/user.ts'
import { uuidPattern } from '../../../lambdas/domain/wire/uuid.ts'
import { membershipShape, userShape } from '../../../lambdas/store/people/user-item.ts'
import { checkShape, projectShape } from '../../../lambdas/store/registry/registry-item.ts'
import { windowShape } from '../../../lambdas/store/registry/windows-item.ts'
import { printableJson } from '../printable.ts'
import { firstRepeated, firstUnknown, pathText, valueText } from './places.ts'

/**
 * The version of the document, not of the program. It grows when an older program could misread a
 * newer document.
 */
export const schemaVersion = 1

const uuid = z.string().regex(new RegExp(`^${uuidPattern}$`), 'must be a UUID in small letters')
const whole = z.int().min(0)

const check = checkShape.omit({ projectId: true }).extend({
  id: uuid,
  version: whole,
  createdAt: whole,
  slug: z.string().regex(/^[a-z0-9-_]*$/, 'must be small letters, digits, - and _'),
  schedule: checkShape.shape.schedule.refine(isSchedule, 'must be one that runs here'),
  timeZone: z.string().refine(isTimeZone, 'must be a known time zone'),
  graceSeconds: z
    .number()
    .refine(
      isInBounds,
      `must be ${scheduleBounds.shortestSeconds}–${scheduleBounds.longestSeconds} whole seconds`,
    ),
  badgeKey: uuid,
  rules: checkShape.shape.rules.refine(
    (rules = {}) => areInBounds(rules),
    'must be rules within their bounds',
  ),
})

/** Numbers and revisions are given anew: only heartbeats know them, and those are not restored. */
const window = windowShape
  .omit({ number: true, since: true })
  .extend({
    id: uuid,
    lengthSeconds: z
      .int()
      .refine(isWindowLength, `must be ${windowSeconds.least}–${windowSeconds.most} whole seconds`),
  })
  .refine(({ times }) => times.kind === 'once' || isSchedule(times.schedule), {
    path: ['times', 'schedule'],
    error: 'must be one that runs here',
  })
  .refine(({ times }) => times.kind === 'once' || isTimeZone(times.timeZone), {
    path: ['times', 'timeZone'],
    error: 'must be a known time zone',
  })

const channel = storedChannelShape()
  .refine(({ id }) => uuid.safeParse(id).success, {
    path: ['id'],
    error: 'must be a UUID in small letters',
  })
  .refine(({ version }) => whole.safeParse(version).success, {
    path: ['version'],
    error: 'must be a whole number',
  })

const apiKey = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 hash in small letters'),
  name: z.string(),
  access: z.enum(['read-write', 'read-only']),
  by: z.string(),
  createdAt: whole,
})

const project = projectShape
  .extend({
    id: uuid,
    pingKey: z.string().regex(/^[\w-]{1,100}$/, 'must be letters, digits, - and _'),
    pingKeyCreatedAt: whole.exactOptional(),
    checkLimit: whole,
    createdAt: whole,
    /** For one that was being deleted. */
    closed: z.literal(true).exactOptional(),
    apiKeys: z.array(apiKey),
    channels: z.array(channel),
    /** Absent where there are none. */
    windows: z.array(window).max(windowLimit).exactOptional(),
    checks: z.array(check),
  })
  .refine(({ closed, apiKeys }) => closed === true || apiKeys.length > 0, {
    path: ['apiKeys'],
    error: 'must have a key',
  })

/** Sessions are no part of it: everybody signs in anew. */
const user = userShape.extend({
  id: z.string().min(1),
  email: z
    .string()
    .regex(emailAddress, 'must be an address')
    .refine((email) => email === email.toLowerCase(), 'must be in small letters'),
  sessionEpoch: whole,
  version: whole,
  createdAt: whole,
  roles: z.array(membershipShape.omit({ userId: true })),
})

const shape = z.object({
  schemaVersion: z.literal(schemaVersion),
  /** Absent where there are none. */
  users: z.array(user).exactOptional(),
  projects: z.array(project),
})

/** All that people have told a deployment. What pings have left is not part of it. */
export type Backup = z.infer<typeof shape>
export type ProjectBackup = Backup['projects'][number]
export type UserBackup = z.infer<typeof user>
export type CheckBackup = ProjectBackup['checks'][number]
export type WindowBackup = z.infer<typeof window>

/**
 * The document as text. The same content gives the same text, in whatever order it was read.
 * @throws when `parseBackup` would refuse it: what can't be restored is no back-up.
 */
export function formatBackup(backup: Backup): string {
  const { users, projects } = checked(backup)
  const sorted = projects.map((each) => ({
    ...each,
    apiKeys: each.apiKeys.toSorted((one, other) => (one.hash < other.hash ? -1 : 1)),
    channels: each.channels.toSorted(byAge),
    checks: each.checks.toSorted(byAge),
  }))
  const people = users?.toSorted(byAge).map(({ roles, ...each }) => ({
    ...each,
    roles: roles.toSorted((one, other) => (one.projectId < other.projectId ? -1 : 1)),
  }))
  return printableJson({
    schemaVersion,
    ...(people === undefined ? {} : { users: people }),
    projects: sorted.toSorted(byAge),
  })
}

/**
 * Reads a document, all of it or nothing. @throws what is wrong with it, where, and what stands
 * there.
 */
export function parseBackup(text: string): Backup {
  const json = parseJson(text)
  const named = z.object({ schemaVersion: z.unknown() }).safeParse(json)
  if (!named.success) throw new Error('this is no export of Overdue: it has no schemaVersion')
  const { schemaVersion: version } = named.data
  if (version !== schemaVersion)
    throw new Error(`schemaVersion must be ${schemaVersion}, got ${valueText(version)}`)
  const backup = checked(json)
  refuseRepeated(backup)
  refuseLooseRoles(backup)
  return backup
}

function checked(json: unknown): Backup {
  const parsed = shape.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(
      `${pathText(issue?.path ?? [])}: ${issue?.message ?? ''}, got ${valueText(json, issue?.path)}`,
    )
  }
  const unknown = firstUnknown(json, parsed.data)
  if (unknown !== undefined)
    throw new Error(`${pathText(unknown)}: this program knows no such field`)
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(
      `this is no export of Overdue: it is not JSON (${error instanceof Error ? error.message : ''})`,
      { cause: error },
    )
  }
}

/** What can be there only once in a deployment, or once in a project. */
function refuseRepeated({ projects, users = [] }: Backup): void {
  const all = (values: (each: ProjectBackup) => readonly string[]) =>
    firstRepeated(projects.flatMap(values))
  const repeated: Readonly<Record<string, string | undefined>> = {
    'the user id': firstRepeated(users.map(({ id }) => id)),
    'the address of a user': firstRepeated(users.map(({ email }) => email)),
    'the project of a role': firstRepeated(
      users.flatMap(({ id, roles }) => roles.map(({ projectId }) => `${id}/${projectId}`)),
    ),
    'the project id': all(({ id }) => [id]),
    'the ping key of a project': all(({ pingKey }) => [pingKey]),
    'the hash of an API key': all(({ apiKeys }) => apiKeys.map(({ hash }) => hash)),
    'the channel id': all(({ channels }) => channels.map(({ id }) => id)),
    'the window id': all(({ windows = [] }) => windows.map(({ id }) => id)),
    'the check id': all(({ checks }) => checks.map(({ id }) => id)),
    'the badge key of a check': all(({ checks }) => checks.map(({ badgeKey }) => badgeKey)),
    // Of the first 16 digits of the UUID only.
    'the unique key of a check': all(({ id, checks }) =>
      checks.map((each) => `${id}/${uniqueKeyOf(each.id)}`),
    ),
  }
  for (const [what, value] of Object.entries(repeated))
    if (value !== undefined) throw new Error(`${what} ${value} stands there twice`)
}

function refuseLooseRoles({ projects, users = [] }: Backup): void {
  const known = new Set([everyProject, ...projects.map(({ id }) => id)])
  const loose = users.flatMap(({ roles }) => roles).find(({ projectId }) => !known.has(projectId))
  if (loose !== undefined)
    throw new Error(`a user has a role in the project ${loose.projectId}, which is not there`)
}

function isTimeZone(name: string): boolean {
  return canonicalTimeZone(name) === name
}

type Aged = { readonly id: string; readonly createdAt: number }

function byAge(one: Aged, other: Aged): number {
  return one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1)
}
