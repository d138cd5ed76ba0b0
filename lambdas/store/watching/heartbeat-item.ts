import { statusChangeOf } from '../../domain/watching/flip.ts'
import {
  type HeartbeatState,
  type Heartbeat,
  type Status,
  statuses,
} from '../../domain/watching/heartbeat.ts'
import type { Schedule } from '../../domain/schedule/schedule.ts'
import type { Item } from '../../runtime/database.ts'
import {
  type Attributes,
  maybeNumber,
  maybeText,
  number,
  oneOf,
  text,
} from '../items/attributes.ts'
import * as attribute from './heartbeat-attributes.ts'
import type { StateRules } from '../../domain/watching/rules.ts'
import { checkWindowsOf } from './check-windows-item.ts'
import { downCauseOf } from './down-cause-item.ts'
import { detailsOf, shortNames } from './ping-details-item.ts'
import { endsOf, resultsOf } from './run-results-item.ts'
import { runRulesOf } from './run-rules-item.ts'

/**
 * The attributes of a status's instant, of the count of pings at it, and of its cause. A ping
 * writes them once, whatever comes after it.
 */
export const sinceAttributes: Readonly<
  Record<Status, readonly [since: string, count: string, ...cause: readonly string[]]>
> = {
  down: [attribute.downSince, attribute.downCount, attribute.downCause],
  up: [attribute.upSince, attribute.upCount],
  paused: [attribute.idleSince, attribute.idleCount],
  new: [attribute.idleSince, attribute.idleCount],
}

/** All of them. */
export const sinceNames: readonly string[] = [...new Set(Object.values(sinceAttributes).flat())]

/** The attributes that a sweep reads. JSON of all attributes takes three times as long to read. */
export const stateProjection = [
  ...[
    attribute.id,
    attribute.tombstone,
    attribute.period,
    attribute.cron,
    attribute.calendar,
    attribute.timeZone,
    attribute.grace,
  ],
  ...[
    attribute.status,
    attribute.lastPingAt,
    attribute.startedAt,
    attribute.runId,
    attribute.count,
    attribute.acknowledged,
  ],
  ...sinceNames,
  ...[attribute.notedAt, attribute.lostAt],
  ...[attribute.maxRuntime, attribute.early, attribute.runRules],
  ...[attribute.awaitedAfter, attribute.results],
  ...[attribute.snoozedUntil, attribute.lookAt, attribute.windows],
].join(', ')

/**
 * The part of a heartbeat that a sweep inspects; undefined for a tombstone. It is read straight
 * from the item's attributes, because a sweep reads a million items.
 * @throws when an attribute is missing or malformed.
 */
export function heartbeatStateOf(fields: Attributes): HeartbeatState | undefined {
  if (fields[attribute.tombstone] !== undefined) return undefined
  const status = oneOf(fields, attribute.status, statuses)
  const [sinceName, countName, causeName] = sinceAttributes[status]
  const sinceAt = maybeNumber(fields, sinceName)
  const startedAt = maybeNumber(fields, attribute.startedAt)
  const lastPingAt = maybeNumber(fields, attribute.lastPingAt)
  const acknowledged = maybeText(fields, attribute.acknowledged)
  const notedAt = maybeNumber(fields, attribute.notedAt)
  const lostAt = maybeNumber(fields, attribute.lostAt)
  const state: Mutable<HeartbeatState> = {
    id: text(fields, attribute.id),
    schedule: scheduleOf(fields),
    timeZone: text(fields, attribute.timeZone),
    graceSeconds: number(fields, attribute.grace),
    status,
    pingCount: number(fields, attribute.count),
  }
  // Set one by one: spreading optional values takes as long as all the rest.
  if (sinceAt !== undefined) {
    const since = { at: sinceAt, count: number(fields, countName) }
    state.since =
      causeName === undefined ? since : { ...since, cause: downCauseOf(text(fields, causeName)) }
  }
  if (lastPingAt !== undefined) state.lastPingAt = lastPingAt
  if (startedAt !== undefined)
    state.running = runningOf(startedAt, maybeText(fields, attribute.runId))
  if (acknowledged !== undefined) state.acknowledged = statusChangeOf(acknowledged)
  if (notedAt !== undefined) state.notedAt = notedAt
  if (lostAt !== undefined) state.lostAt = lostAt
  setRules(state, fields)
  return state
}

/** What most heartbeats lack. */
function setRules(state: Mutable<HeartbeatState>, fields: Attributes): void {
  const rules = stateRulesIn(fields)
  const awaitedAfter = maybeNumber(fields, attribute.awaitedAfter)
  const results = maybeText(fields, attribute.results)
  const snoozedUntil = maybeNumber(fields, attribute.snoozedUntil)
  const lookAt = maybeNumber(fields, attribute.lookAt)
  const windows = maybeText(fields, attribute.windows)
  if (rules !== undefined) state.rules = rules
  if (awaitedAfter !== undefined) state.awaitedAfter = awaitedAfter
  if (results !== undefined) state.results = resultsOf(results)
  if (snoozedUntil !== undefined) state.snoozedUntil = snoozedUntil
  if (lookAt !== undefined) state.lookAt = lookAt
  if (windows !== undefined) state.windows = checkWindowsOf(windows)
}

function stateRulesIn(fields: Attributes): StateRules | undefined {
  const maxRuntimeSeconds = maybeNumber(fields, attribute.maxRuntime)
  const earlySeconds = maybeNumber(fields, attribute.early)
  const runRules = maybeText(fields, attribute.runRules)
  if (maxRuntimeSeconds === undefined && earlySeconds === undefined && runRules === undefined)
    return undefined
  return {
    ...(maxRuntimeSeconds === undefined ? {} : { maxRuntimeSeconds }),
    ...(earlySeconds === undefined ? {} : { earlySeconds }),
    ...(runRules === undefined ? {} : runRulesOf(runRules)),
  }
}

function runningOf(
  startedAt: number,
  runId: string | undefined,
): NonNullable<HeartbeatState['running']> {
  return runId === undefined ? { startedAt } : { startedAt, runId }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/**
 * The heartbeat in an item; undefined for a tombstone.
 * @throws when an attribute is missing or malformed.
 */
export function heartbeatOf(fields: Item): Heartbeat | undefined {
  const state = heartbeatStateOf(fields)
  if (state === undefined) return undefined
  const durationMs = maybeNumber(fields, attribute.duration)
  const details = fields[attribute.lastPing]
  const requestId = maybeText(fields, attribute.requestId)
  const ends = maybeText(fields, attribute.ends)
  const successCount = maybeNumber(fields, attribute.successCount)
  return {
    ...state,
    version: number(fields, attribute.version),
    methods: fields[attribute.methods] === 'POST' ? 'POST' : '',
    manualResume: fields[attribute.manualResume] === true,
    hasBodyRules: fields[attribute.bodyRules] !== undefined,
    ...(fields[attribute.runsOverlap] === undefined ? {} : { runsOverlap: true }),
    ...(durationMs === undefined || durationMs < 0 ? {} : { durationMs }),
    ...(details === undefined ? {} : { lastPing: detailsOf(details as Item, shortNames) }),
    ...(requestId === undefined ? {} : { lastRequestId: requestId }),
    ...(ends === undefined ? {} : { ends: endsOf(ends) }),
    ...(successCount === undefined ? {} : { successCount }),
  }
}

/** The attribute that holds a schedule, and its value. */
export function scheduleItem(schedule: Schedule): readonly [name: string, value: string | number] {
  switch (schedule.kind) {
    case 'simple':
      return [attribute.period, schedule.periodSeconds]
    case 'cron':
      return [attribute.cron, schedule.expression]
    case 'oncalendar':
      return [attribute.calendar, schedule.expression]
  }
}

function scheduleOf(fields: Attributes): Schedule {
  const [cron, calendar] = [
    maybeText(fields, attribute.cron),
    maybeText(fields, attribute.calendar),
  ]
  if (cron !== undefined) return { kind: 'cron', expression: cron }
  if (calendar !== undefined) return { kind: 'oncalendar', expression: calendar }
  return { kind: 'simple', periodSeconds: number(fields, attribute.period) }
}
