import type { StateRules } from '../../domain/watching/rules.ts'
import type { Definition } from '../../domain/watching/definition.ts'
import { type Flip, flipKey } from '../../domain/watching/flip.ts'
import type { CheckWindows, Heartbeat, StatusChange } from '../../domain/watching/heartbeat.ts'
import { settledByPause } from '../../domain/watching/pause.ts'
import type { Fields, Value } from '../../runtime/database.ts'
import { expiryAfter } from '../items/expiry.ts'
import * as attribute from './heartbeat-attributes.ts'
import * as clause from './heartbeat-clauses.ts'
import { checkWindowsText } from './check-windows-item.ts'
import { downCauseItem } from './down-cause-item.ts'
import { scheduleItem, sinceAttributes, sinceNames } from './heartbeat-item.ts'
import { detailsItem } from './ping-details-item.ts'
import { endsText, resultsText } from './run-results-item.ts'
import { runRulesText } from './run-rules-item.ts'

/** An update with its condition, for use by itself or in a transaction. */
export type HeartbeatUpdate = {
  readonly update: string
  readonly condition: string
  readonly values: Fields
}

const TOMBSTONE_DAYS = 2

/** Collects the parts of an update, and keeps each value under the name of its attribute. */
class Update {
  readonly #set: string[] = []
  readonly #remove: string[] = []
  readonly #values: Record<string, Value> = {}

  set(name: string, value: Value): void {
    this.#set.push(`${name} = :${name}`)
    this.#values[`:${name}`] = value
  }

  /** Sets what is there, removes what is not. */
  put(name: string, value: Value | undefined): void {
    if (value === undefined) this.remove(name)
    else this.set(name, value)
  }

  setTo(name: string, operand: string): void {
    this.#set.push(`${name} = ${operand}`)
  }

  remove(name: string): void {
    this.#remove.push(name)
  }

  expression(condition: string, values: Record<string, Value>, addition = ''): HeartbeatUpdate {
    const parts = [
      this.#set.length === 0 ? '' : `SET ${this.#set.join(', ')}`,
      addition,
      this.#remove.length === 0 ? '' : `REMOVE ${this.#remove.join(', ')}`,
    ]
    return {
      update: parts.filter((part) => part !== '').join(' '),
      condition,
      values: { ...this.#values, ...values },
    }
  }
}

/** Replaces the definition if it is newer than the stored one, and leaves the state alone. */
export function defineExpression(definition: Definition): HeartbeatUpdate {
  return definitionUpdate(definition).expression(isNewDefinition, startingState)
}

/** The same for an existing heartbeat. */
export function redefineExpression(definition: Definition): HeartbeatUpdate {
  return definitionUpdate(definition).expression(
    `${clause.hasOlderVersion} AND ${clause.isNotBuried}`,
    startingState,
  )
}

/** The same for a missing heartbeat, with the mark that its state is lost. */
export function defineLostExpression(definition: Definition, lostAt: number): HeartbeatUpdate {
  const update = definitionUpdate(definition)
  update.set(attribute.lostAt, lostAt)
  return update.expression(
    `${clause.isMissing} OR (${clause.hasOlderVersion} AND ${clause.isBuried})`,
    startingState,
  )
}

const isNewDefinition = `${clause.isMissing} OR ${clause.hasOlderVersion}`
const startingState = { ':new': 'new', ':zero': 0 }

function definitionUpdate(definition: Definition): Update {
  const update = new Update()
  const [scheduleName, schedule] = scheduleItem(definition.schedule)
  update.set(attribute.version, definition.version)
  for (const name of [attribute.period, attribute.cron, attribute.calendar])
    update.put(name, name === scheduleName ? schedule : undefined)
  update.set(attribute.timeZone, definition.timeZone)
  update.set(attribute.grace, definition.graceSeconds)
  update.put(attribute.methods, definition.methods === '' ? undefined : definition.methods)
  update.put(attribute.manualResume, definition.manualResume ? true : undefined)
  update.put(attribute.bodyRules, definition.hasBodyRules ? 1 : undefined)
  setStateRules(update, definition.rules ?? {})
  update.put(attribute.runsOverlap, definition.runsOverlap ? 1 : undefined)
  update.setTo(attribute.status, `if_not_exists(${attribute.status}, :new)`)
  update.setTo(attribute.count, `if_not_exists(${attribute.count}, :zero)`)
  for (const name of [attribute.tombstone, attribute.expiresAt]) update.remove(name)
  return update
}

/** What counts for a rule is forgotten with it. */
function setStateRules(update: Update, rules: StateRules): void {
  const { maxRuntimeSeconds, earlySeconds, failures, mostPings, successes } = rules
  update.put(attribute.maxRuntime, maxRuntimeSeconds)
  update.put(attribute.early, earlySeconds)
  update.put(attribute.runRules, runRulesText(rules))
  if (failures === undefined) update.remove(attribute.results)
  if (mostPings === undefined) update.remove(attribute.ends)
  if (successes === undefined) update.remove(attribute.successCount)
}

/** A tombstone in place of everything else, unless a newer definition is stored. */
export function buryExpression(version: number, now: number): HeartbeatUpdate {
  const update = new Update()
  const kept: readonly string[] = [
    attribute.id,
    attribute.version,
    attribute.tombstone,
    attribute.expiresAt,
  ]
  update.set(attribute.version, version)
  update.set(attribute.tombstone, 1)
  update.set(attribute.expiresAt, expiryAfter(TOMBSTONE_DAYS, now))
  for (const name of Object.values(attribute)) if (!kept.includes(name)) update.remove(name)
  return update.expression(isNewDefinition, {})
}

/** The condition that a heartbeat still has this version, and is no tombstone. */
export function removalCondition(version: number) {
  return {
    condition: `${clause.hasVersion} AND ${clause.isNotBuried}`,
    values: { [`:${attribute.version}`]: version },
  }
}

/**
 * Changes a heartbeat from one state to the next, provided that definition, status, last ping and
 * run are still as read. Pings that only count may come in between: the count is increased in
 * place, and a flip gets its count from the item. What rules count must be as read, too.
 */
export function allowedChange(before: Heartbeat, after: Heartbeat): HeartbeatUpdate {
  const update = new Update()
  update.set(attribute.status, after.status)
  update.put(attribute.lastPingAt, after.lastPingAt)
  update.put(attribute.startedAt, after.running?.startedAt)
  update.put(attribute.runId, after.running?.runId)
  update.put(attribute.duration, after.durationMs)
  if (after.acknowledged !== before.acknowledged)
    update.put(attribute.acknowledged, maybeChange(after.acknowledged))
  if (after.since !== before.since) setSince(update, after)
  if (after.notedAt !== before.notedAt) update.put(attribute.notedAt, after.notedAt)
  putRunState(update, before, after)
  if (after.snoozedUntil !== before.snoozedUntil)
    update.put(attribute.snoozedUntil, after.snoozedUntil)
  if (after.lookAt !== before.lookAt) update.put(attribute.lookAt, after.lookAt)
  const [condition, values] = unchanged(before, after)
  if (after.pingCount === before.pingCount) return update.expression(condition, values)
  if (after.lastPing !== undefined) update.set(attribute.lastPing, detailsItem(after.lastPing))
  update.set(attribute.requestId, after.lastRequestId ?? '')
  return update.expression(
    `${condition} AND ${clause.isNotRepeated}`,
    { ...values, ':one': 1 },
    `ADD ${attribute.count} :one`,
  )
}

/** What rules count, where it has changed. */
function putRunState(update: Update, before: Heartbeat, after: Heartbeat): void {
  if (after.awaitedAfter !== before.awaitedAfter)
    update.put(attribute.awaitedAfter, after.awaitedAfter)
  if (after.results !== before.results)
    update.put(attribute.results, after.results && resultsText(after.results))
  if (after.ends !== before.ends) update.put(attribute.ends, after.ends && endsText(after.ends))
  if (after.successCount !== before.successCount)
    update.put(attribute.successCount, after.successCount)
}

/** Has `alert` look again at the outage of a check, if there is one. */
export function lookAgainExpression(now: number): HeartbeatUpdate {
  const update = new Update()
  update.set(attribute.lookAt, now)
  return update.expression(`${clause.isKnown} AND ${attribute.status} = :down`, { ':down': 'down' })
}

/** Notes which windows concern a check, unless what is stored has this version or a later one. */
export function windowsExpression(
  windows: CheckWindows | undefined,
  version: number,
): HeartbeatUpdate {
  const update = new Update()
  update.set(attribute.windowsVersion, version)
  update.put(attribute.windows, windows && checkWindowsText(windows))
  return update.expression(`${clause.isKnown} AND ${clause.hasOlderWindows}`, {})
}

/** Notes a flip as acknowledged, as long as the status is still the one that it led to. */
export function acknowledgeExpression(flip: Flip): HeartbeatUpdate {
  const { condition, values } = isCurrent(flip)
  return {
    update: `SET ${attribute.acknowledged} = :flip`,
    condition,
    values: { ':flip': flipKey(flip), ...values },
  }
}

function isCurrent({ status, at, count }: Flip): Pick<HeartbeatUpdate, 'condition' | 'values'> {
  const [sinceName, countName] = sinceAttributes[status]
  const isOutage = status === 'down'
  // Two outages share a count when a pause lies between them. A recovery is known by its count
  // alone, and its instant may be that of its outage.
  const isThisOutage = isOutage ? ` AND ${sinceName} = :at` : ''
  return {
    condition: `${clause.isKnown} AND ${attribute.status} = :status AND ${countName} = :count${isThisOutage}`,
    values: { ':status': status, ':count': count, ...(isOutage ? { ':at': at } : {}) },
  }
}

/**
 * Notes when `alert` looks at an outage again, and whether its flip is acknowledged by now, as long
 * as the status is still the one that it led to, and nobody has asked for a look since.
 */
export function lookExpression(
  flip: Flip,
  { before, lookAt, isAcknowledged }: Look,
): HeartbeatUpdate {
  const { condition, values } = isCurrent(flip)
  const update = new Update()
  if (isAcknowledged) update.set(attribute.acknowledged, flipKey(flip))
  update.put(attribute.lookAt, lookAt)
  const isAsRead =
    before === undefined
      ? `attribute_not_exists(${attribute.lookAt})`
      : `${attribute.lookAt} = :before`
  return update.expression(`${condition} AND ${isAsRead}`, {
    ...values,
    ...(before === undefined ? {} : { ':before': before }),
  })
}

/** `before` is when the next look was due as it was read. */
export type Look = {
  readonly before: number | undefined
  readonly lookAt: number | undefined
  readonly isAcknowledged: boolean
}

/**
 * Notes an outage as acknowledged after its check is up again, unless it or a later flip is
 * acknowledged already. So the recovery will be alerted; the wait for that counts from now on,
 * however long the check has been up.
 */
export function overtakenExpression(outage: Flip, now: number): HeartbeatUpdate {
  return {
    update: `SET ${attribute.acknowledged} = :flip, ${attribute.notedAt} = :now`,
    condition: `${clause.isKnown} AND ${attribute.status} = :up AND ${isLatest}`,
    values: {
      ':flip': flipKey(outage),
      ':up': 'up',
      ':now': now,
    },
  }
}

/**
 * Notes an outage as acknowledged after its check was paused, unless it or a later flip is
 * acknowledged already. An outage that ended with a pause needs no alert of a recovery.
 */
export function settleExpression(outage: Flip): HeartbeatUpdate {
  return {
    update: `SET ${attribute.acknowledged} = :settled`,
    condition: `${clause.isKnown} AND ${attribute.status} <> :status AND ${isLatest}`,
    values: {
      ':flip': flipKey(outage),
      ':settled': flipKey(settledByPause(outage)),
      ':status': outage.status,
    },
  }
}

const isLatest = `(attribute_not_exists(${attribute.acknowledged}) OR ${attribute.acknowledged} < :flip)`

function setSince(update: Update, after: Heartbeat): void {
  const [sinceName, countName, causeName] = sinceAttributes[after.status]
  const cause = after.since?.cause
  for (const name of sinceNames) {
    if (name === sinceName) update.put(name, after.since?.at)
    else if (name === countName) update.setTo(name, attribute.count)
    else if (name === causeName) update.put(name, cause && downCauseItem(cause))
    else update.remove(name)
  }
}

function unchanged(
  before: Heartbeat,
  after: Heartbeat,
): readonly [condition: string, values: Record<string, Value>] {
  const was: readonly (readonly [name: string, value: Value | undefined])[] = [
    [attribute.version, before.version],
    [attribute.status, before.status],
    [attribute.lastPingAt, before.lastPingAt],
    [attribute.startedAt, before.running?.startedAt],
    [attribute.runId, before.running?.runId],
    // A pause settles what is acknowledged, so that must be as it was read.
    ...(before.status !== 'paused' && after.status === 'paused'
      ? [[attribute.acknowledged, maybeChange(before.acknowledged)] as const]
      : []),
    ...(after.status !== 'paused' && countsRuns(before, after) ? runStateOf(before) : []),
  ]
  const clauses = was.map(([name, value]) =>
    value === undefined ? `attribute_not_exists(${name})` : `${name} = :was_${name}`,
  )
  const values = was.flatMap(([name, value]) =>
    value === undefined ? [] : [[`:was_${name}`, value] as const],
  )
  return [clauses.join(' AND '), Object.fromEntries(values)]
}

function countsRuns(before: Heartbeat, after: Heartbeat): boolean {
  return (['awaitedAfter', 'results', 'ends', 'successCount'] as const).some(
    (name) => after[name] !== before[name],
  )
}

/**
 * What changes with all that rules count: each end of a run comes with a ping, also where two are
 * of one instant; each miss that is noted moves what is expected.
 */
function runStateOf(before: Heartbeat): readonly (readonly [string, Value | undefined])[] {
  return [
    [attribute.requestId, before.lastRequestId],
    [attribute.awaitedAfter, before.awaitedAfter],
  ]
}

function maybeChange(value: StatusChange | undefined): string | undefined {
  return value && flipKey(value)
}
