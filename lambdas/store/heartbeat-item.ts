import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Heartbeat, Status } from '../domain/heartbeat.ts'
import type { PingDetails, PingType } from '../domain/ping.ts'
import type { Schedule } from '../domain/schedule.ts'

/**
 * The attributes of a heartbeat item. The names are short because every ping writes and every sweep reads the item: under 1 KB it is
 * one write unit, and its size is what a sweep costs. They are known to this module and the expressions built on it, nowhere else.
 */
export const attributes = {
  id: 'id',
  version: 'v',
  tombstone: 'z',
  expiresAt: 'e',
  period: 'P',
  cron: 'C',
  calendar: 'O',
  timeZone: 'Z',
  grace: 'G',
  methods: 'M',
  manualResume: 'm',
  bodyRules: 'x',
  status: 's',
  lastPingAt: 'p',
  startedAt: 't',
  runId: 'r',
  duration: 'd',
  count: 'n',
  requestId: 'q',
  lastPing: 'c',
  acknowledged: 'a',
  downSince: 'w',
  downCount: 'W',
  upSince: 'u',
  upCount: 'U',
  idleSince: 'h',
  idleCount: 'H',
  lostAt: 'L',
} as const

/** Where the instant of a status lies, and the count of pings at it. A ping writes them only once, whatever comes after it. */
export const sinceAttributes: Readonly<Record<Status, readonly [since: string, count: string]>> = {
  down: [attributes.downSince, attributes.downCount],
  up: [attributes.upSince, attributes.upCount],
  paused: [attributes.idleSince, attributes.idleCount],
  new: [attributes.idleSince, attributes.idleCount],
}

export type Item = Readonly<Record<string, AttributeValue>>

/**
 * The heartbeat in an item; undefined for a tombstone.
 * @throws when the item is none that this program writes.
 */
export function heartbeatOf(item: Item): Heartbeat | undefined {
  const a = attributes
  const fields = unmarshall(item) as Readonly<Record<string, unknown>>
  if (fields[a.tombstone] !== undefined) return undefined
  const status = statusOf(fields)
  const [sinceName, countName] = sinceAttributes[status]
  const sinceAt = maybeNumber(fields, sinceName)
  const startedAt = maybeNumber(fields, a.startedAt)
  const lastPingAt = maybeNumber(fields, a.lastPingAt)
  const durationMs = maybeNumber(fields, a.duration)
  const details = fields[a.lastPing]
  const requestId = maybeText(fields, a.requestId)
  const acknowledged = maybeText(fields, a.acknowledged)
  const lostAt = maybeNumber(fields, a.lostAt)
  return {
    id: text(fields, a.id),
    version: number(fields, a.version),
    schedule: scheduleOf(fields),
    timeZone: text(fields, a.timeZone),
    graceSeconds: number(fields, a.grace),
    methods: fields[a.methods] === 'POST' ? 'POST' : '',
    manualResume: fields[a.manualResume] === true,
    hasBodyRules: fields[a.bodyRules] !== undefined,
    status,
    pingCount: number(fields, a.count),
    ...(sinceAt === undefined ? {} : { since: { at: sinceAt, count: number(fields, countName) } }),
    ...(lastPingAt === undefined ? {} : { lastPingAt }),
    ...(startedAt === undefined ? {} : { running: { startedAt, ...withRunId(maybeText(fields, a.runId)) } }),
    ...(durationMs === undefined || durationMs < 0 ? {} : { durationMs }),
    ...(details === undefined ? {} : { lastPing: detailsOf(details as Readonly<Record<string, unknown>>) }),
    ...(requestId === undefined ? {} : { lastRequestId: requestId }),
    ...(acknowledged === undefined ? {} : { acknowledged }),
    ...(lostAt === undefined ? {} : { lostAt }),
  }
}

/** Details of a ping as they lie in an item: a map of short names. */
export function detailsItem(details: PingDetails): AttributeValue {
  const { type, at, scheme, method, address, userAgent, runId, exitStatus, bodyBytes } = details
  const fields = { k: type, i: at, l: scheme, m: method, a: address, u: userAgent, r: runId, x: exitStatus, b: bodyBytes }
  return { M: marshall(fields, { removeUndefinedValues: true }) }
}

function detailsOf(fields: Readonly<Record<string, unknown>>): PingDetails {
  const exitStatus = maybeNumber(fields, 'x')
  return {
    type: pingTypeOf(fields),
    at: number(fields, 'i'),
    scheme: text(fields, 'l'),
    method: text(fields, 'm'),
    address: text(fields, 'a'),
    userAgent: text(fields, 'u'),
    ...withRunId(maybeText(fields, 'r')),
    ...(exitStatus === undefined ? {} : { exitStatus }),
    bodyBytes: number(fields, 'b'),
  }
}

function withRunId(runId: string | undefined): { readonly runId?: string } {
  return runId === undefined ? {} : { runId }
}

/** The attribute that holds a schedule, and its value. */
export function scheduleItem(schedule: Schedule): readonly [name: string, value: AttributeValue] {
  switch (schedule.kind) {
    case 'simple':
      return [attributes.period, { N: schedule.periodSeconds.toString() }]
    case 'cron':
      return [attributes.cron, { S: schedule.expression }]
    case 'oncalendar':
      return [attributes.calendar, { S: schedule.expression }]
  }
}

function scheduleOf(fields: Readonly<Record<string, unknown>>): Schedule {
  const [cron, calendar] = [maybeText(fields, attributes.cron), maybeText(fields, attributes.calendar)]
  if (cron !== undefined) return { kind: 'cron', expression: cron }
  if (calendar !== undefined) return { kind: 'oncalendar', expression: calendar }
  return { kind: 'simple', periodSeconds: number(fields, attributes.period) }
}

const statuses: readonly string[] = ['new', 'up', 'down', 'paused'] satisfies readonly Status[]
const pingTypes: readonly string[] = ['success', 'start', 'fail', 'log', 'ign'] satisfies readonly PingType[]

function statusOf(fields: Readonly<Record<string, unknown>>): Status {
  const value = text(fields, attributes.status)
  if (!statuses.includes(value)) throw new Error(`a heartbeat's status must be one of ${statuses.join(', ')}, got ${value}`)
  return value as Status
}

function pingTypeOf(fields: Readonly<Record<string, unknown>>): PingType {
  const value = text(fields, 'k')
  if (!pingTypes.includes(value)) throw new Error(`a ping's type must be one of ${pingTypes.join(', ')}, got ${value}`)
  return value as PingType
}

function text(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string') throw new Error(`a heartbeat's attribute ${name} must be a string, got ${typeof value}`)
  return value
}

function number(fields: Readonly<Record<string, unknown>>, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number') throw new Error(`a heartbeat's attribute ${name} must be a number, got ${typeof value}`)
  return value
}

function maybeText(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return fields[name] === undefined ? undefined : text(fields, name)
}

function maybeNumber(fields: Readonly<Record<string, unknown>>, name: string): number | undefined {
  return fields[name] === undefined ? undefined : number(fields, name)
}
