import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Glance, Heartbeat, Status, StatusChange } from '../../domain/watching/heartbeat.ts'
import type { Schedule } from '../../domain/schedule/schedule.ts'
import { type Item, maybeNumber, maybeText, number, oneOf, text } from '../items/attributes.ts'
import { detailsOf, shortNames } from './ping-details-item.ts'

/**
 * The attributes of a heartbeat item. The names are short because every ping writes and every sweep
 * reads the item: under 1 KB it is one write unit, and its size is what a sweep costs. They are
 * known to this module and the expressions built on it, nowhere else.
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
  notedAt: 'f',
  lostAt: 'L',
} as const

/**
 * Where the instant of a status lies, and the count of pings at it. A ping writes them only once,
 * whatever comes after it.
 */
export const sinceAttributes: Readonly<Record<Status, readonly [since: string, count: string]>> = {
  down: [attributes.downSince, attributes.downCount],
  up: [attributes.upSince, attributes.upCount],
  paused: [attributes.idleSince, attributes.idleCount],
  new: [attributes.idleSince, attributes.idleCount],
}

export const statuses: readonly Status[] = ['new', 'up', 'down', 'paused']

/**
 * The attributes of what a sweep looks at. JSON of all of them takes three times as long to read.
 */
export const glanceProjection = [
  ...[
    attributes.id,
    attributes.tombstone,
    attributes.period,
    attributes.cron,
    attributes.calendar,
    attributes.timeZone,
    attributes.grace,
  ],
  ...[
    attributes.status,
    attributes.lastPingAt,
    attributes.startedAt,
    attributes.runId,
    attributes.count,
    attributes.acknowledged,
  ],
  ...new Set(Object.values(sinceAttributes).flat()),
  ...[attributes.notedAt, attributes.lostAt],
].join(', ')

/**
 * What a sweep looks at, read from the attributes as they lie in the item: there may be a million
 * of them. Undefined for a tombstone.
 * @throws when the item is none that this program writes.
 */
export function glanceOf(fields: Item): Glance | undefined {
  const a = attributes
  if (fields[a.tombstone] !== undefined) return undefined
  const status = oneOf(fields, a.status, statuses)
  const [sinceName, countName] = sinceAttributes[status]
  const sinceAt = maybeNumber(fields, sinceName)
  const startedAt = maybeNumber(fields, a.startedAt)
  const lastPingAt = maybeNumber(fields, a.lastPingAt)
  const acknowledged = maybeText(fields, a.acknowledged)
  const notedAt = maybeNumber(fields, a.notedAt)
  const lostAt = maybeNumber(fields, a.lostAt)
  const glance: Mutable<Glance> = {
    id: text(fields, a.id),
    schedule: scheduleOf(fields),
    timeZone: text(fields, a.timeZone),
    graceSeconds: number(fields, a.grace),
    status,
    pingCount: number(fields, a.count),
  }
  // Set one by one: spreading what may be absent takes as long as all the rest.
  if (sinceAt !== undefined) glance.since = { at: sinceAt, count: number(fields, countName) }
  if (lastPingAt !== undefined) glance.lastPingAt = lastPingAt
  if (startedAt !== undefined) glance.running = runningOf(startedAt, maybeText(fields, a.runId))
  if (acknowledged !== undefined) glance.acknowledged = changeOf(acknowledged)
  if (notedAt !== undefined) glance.notedAt = notedAt
  if (lostAt !== undefined) glance.lostAt = lostAt
  return glance
}

function runningOf(startedAt: number, runId: string | undefined): NonNullable<Glance['running']> {
  return runId === undefined ? { startedAt } : { startedAt, runId }
}

/** The change of status that a key stands for (`flipKey`). */
function changeOf(key: string): StatusChange {
  const [at, count, word] = key.split('#')
  const status = statuses.find((each) => each === word)
  if (status === undefined) throw new Error(`a flip's key must end in a status, got ${key}`)
  return { at: Number(at), count: Number(count), status }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/**
 * The heartbeat in an item; undefined for a tombstone.
 * @throws when the item is none that this program writes.
 */
export function heartbeatOf(fields: Item): Heartbeat | undefined {
  const a = attributes
  const glance = glanceOf(fields)
  if (glance === undefined) return undefined
  const durationMs = maybeNumber(fields, a.duration)
  const details = fields[a.lastPing]?.M
  const requestId = maybeText(fields, a.requestId)
  return {
    ...glance,
    version: number(fields, a.version),
    methods: fields[a.methods]?.S === 'POST' ? 'POST' : '',
    manualResume: fields[a.manualResume]?.BOOL === true,
    hasBodyRules: fields[a.bodyRules] !== undefined,
    ...(durationMs === undefined || durationMs < 0 ? {} : { durationMs }),
    ...(details === undefined ? {} : { lastPing: detailsOf(details, shortNames) }),
    ...(requestId === undefined ? {} : { lastRequestId: requestId }),
  }
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

function scheduleOf(fields: Item): Schedule {
  const [cron, calendar] = [
    maybeText(fields, attributes.cron),
    maybeText(fields, attributes.calendar),
  ]
  if (cron !== undefined) return { kind: 'cron', expression: cron }
  if (calendar !== undefined) return { kind: 'oncalendar', expression: calendar }
  return { kind: 'simple', periodSeconds: number(fields, attributes.period) }
}
