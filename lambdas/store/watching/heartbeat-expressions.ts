import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Definition } from '../../domain/watching/definition.ts'
import { type Flip, flipKey } from '../../domain/watching/flip.ts'
import {
  type Heartbeat,
  settledByPause,
  type StatusChange,
} from '../../domain/watching/heartbeat.ts'
import { expiryAfter } from '../items/expiry.ts'
import * as attribute from './heartbeat-attributes.ts'
import * as clause from './heartbeat-clauses.ts'
import { scheduleItem, sinceAttributes, sinceNames } from './heartbeat-item.ts'
import { detailsItem } from './ping-details-item.ts'

export type UpdateExpression = {
  readonly UpdateExpression: string
  readonly ConditionExpression: string
  readonly ExpressionAttributeValues: Record<string, AttributeValue>
}

const TOMBSTONE_DAYS = 2

/** Collects the parts of an update, and keeps each value under the name of its attribute. */
class Update {
  readonly #set: string[] = []
  readonly #remove: string[] = []
  readonly #values: Record<string, AttributeValue> = {}

  set(name: string, value: AttributeValue): void {
    this.#set.push(`${name} = :${name}`)
    this.#values[`:${name}`] = value
  }

  /** Sets what is there, removes what is not. */
  put(name: string, value: AttributeValue | undefined): void {
    if (value === undefined) this.remove(name)
    else this.set(name, value)
  }

  setTo(name: string, operand: string): void {
    this.#set.push(`${name} = ${operand}`)
  }

  remove(name: string): void {
    this.#remove.push(name)
  }

  expression(
    condition: string,
    values: Record<string, AttributeValue>,
    addition = '',
  ): UpdateExpression {
    const parts = [
      `SET ${this.#set.join(', ')}`,
      addition,
      this.#remove.length === 0 ? '' : `REMOVE ${this.#remove.join(', ')}`,
    ]
    return {
      UpdateExpression: parts.filter((part) => part !== '').join(' '),
      ConditionExpression: condition,
      ExpressionAttributeValues: { ...this.#values, ...values },
    }
  }
}

/**
 * The definition, if it is newer than what is stored. It replaces the definition and leaves the
 * state alone.
 */
export function defineExpression(definition: Definition): UpdateExpression {
  return definitionUpdate(definition).expression(isNewDefinition, startingState)
}

/** The same where there is a heartbeat already. */
export function redefineExpression(definition: Definition): UpdateExpression {
  return definitionUpdate(definition).expression(
    `${clause.hasOlderVersion} AND ${clause.isNotBuried}`,
    startingState,
  )
}

/** The same where there is none: with the mark that the state which should be there is lost. */
export function defineLostExpression(definition: Definition, lostAt: number): UpdateExpression {
  const update = definitionUpdate(definition)
  update.set(attribute.lostAt, number(lostAt))
  return update.expression(
    `${clause.isMissing} OR (${clause.hasOlderVersion} AND ${clause.isBuried})`,
    startingState,
  )
}

const isNewDefinition = `${clause.isMissing} OR ${clause.hasOlderVersion}`
const startingState = { ':new': { S: 'new' }, ':zero': number(0) }

function definitionUpdate(definition: Definition): Update {
  const update = new Update()
  const [scheduleName, schedule] = scheduleItem(definition.schedule)
  update.set(attribute.version, number(definition.version))
  for (const name of [attribute.period, attribute.cron, attribute.calendar])
    update.put(name, name === scheduleName ? schedule : undefined)
  update.set(attribute.timeZone, { S: definition.timeZone })
  update.set(attribute.grace, number(definition.graceSeconds))
  update.put(attribute.methods, definition.methods === '' ? undefined : { S: definition.methods })
  update.put(attribute.manualResume, definition.manualResume ? { BOOL: true } : undefined)
  update.put(attribute.bodyRules, definition.hasBodyRules ? number(1) : undefined)
  update.setTo(attribute.status, `if_not_exists(${attribute.status}, :new)`)
  update.setTo(attribute.count, `if_not_exists(${attribute.count}, :zero)`)
  for (const name of [attribute.tombstone, attribute.expiresAt]) update.remove(name)
  return update
}

/** A tombstone in place of everything else, unless a newer definition is stored. */
export function buryExpression(version: number, now: number): UpdateExpression {
  const update = new Update()
  const kept: readonly string[] = [
    attribute.id,
    attribute.version,
    attribute.tombstone,
    attribute.expiresAt,
  ]
  update.set(attribute.version, number(version))
  update.set(attribute.tombstone, number(1))
  update.set(attribute.expiresAt, number(expiryAfter(TOMBSTONE_DAYS, now)))
  for (const name of Object.values(attribute)) if (!kept.includes(name)) update.remove(name)
  return update.expression(isNewDefinition, {})
}

/** Of the definition that was looked at, and of no tombstone. */
export function removalCondition(version: number) {
  return {
    ConditionExpression: `${clause.hasVersion} AND ${clause.isNotBuried}`,
    ExpressionAttributeValues: { [`:${attribute.version}`]: number(version) },
  }
}

/**
 * The way from one state of a heartbeat to the next, on condition that it still is what was read:
 * definition, status, last ping and run. Pings that only count may come in between, so the count is
 * increased where it lies, and a flip takes it from there.
 */
export function allowedChange(before: Heartbeat, after: Heartbeat): UpdateExpression {
  const update = new Update()
  update.set(attribute.status, { S: after.status })
  update.put(attribute.lastPingAt, maybe(after.lastPingAt))
  update.put(attribute.startedAt, maybe(after.running?.startedAt))
  update.put(attribute.runId, maybeText(after.running?.runId))
  update.put(attribute.duration, maybe(after.durationMs))
  if (after.acknowledged !== before.acknowledged)
    update.put(attribute.acknowledged, maybeChange(after.acknowledged))
  if (after.since !== before.since) setSince(update, after)
  if (after.notedAt !== before.notedAt) update.put(attribute.notedAt, maybe(after.notedAt))
  const [condition, values] = unchanged(before, after)
  if (after.pingCount === before.pingCount) return update.expression(condition, values)
  if (after.lastPing !== undefined) update.set(attribute.lastPing, detailsItem(after.lastPing))
  update.set(attribute.requestId, { S: after.lastRequestId ?? '' })
  return update.expression(
    `${condition} AND ${clause.isNotRepeated}`,
    { ...values, ':one': number(1) },
    `ADD ${attribute.count} :one`,
  )
}

/** Notes a flip as told while it is what led to the status. */
export function acknowledgeExpression(flip: Flip): UpdateExpression {
  const [since, count] = sinceAttributes[flip.status]
  const isOutage = flip.status === 'down'
  // Two outages have one count when a pause lies between them. Of a recovery the count is enough,
  // and its instant may be that of its outage.
  const isCurrent = `${attribute.status} = :status AND ${count} = :count${isOutage ? ` AND ${since} = :at` : ''}`
  return {
    UpdateExpression: `SET ${attribute.acknowledged} = :flip`,
    ConditionExpression: `${clause.isKnown} AND ${isCurrent}`,
    ExpressionAttributeValues: {
      ':flip': { S: flipKey(flip) },
      ':status': { S: flip.status },
      ':count': number(flip.count),
      ...(isOutage ? { ':at': number(flip.at) } : {}),
    },
  }
}

/**
 * Notes an outage as told that its recovery has overtaken, on the check that is up, so that the
 * recovery will be told, unless that or something later is noted already. It comes to be owed now,
 * however long the check is up.
 */
export function overtakenExpression(outage: Flip, now: number): UpdateExpression {
  return {
    UpdateExpression: `SET ${attribute.acknowledged} = :flip, ${attribute.notedAt} = :now`,
    ConditionExpression: `${clause.isKnown} AND ${attribute.status} = :up AND ${isLatest}`,
    ExpressionAttributeValues: {
      ':flip': { S: flipKey(outage) },
      ':up': { S: 'up' },
      ':now': number(now),
    },
  }
}

/**
 * Notes an outage as told that a pause has overtaken, unless something later is noted already: what
 * ended with a pause owes no recovery.
 */
export function settleExpression(outage: Flip): UpdateExpression {
  return {
    UpdateExpression: `SET ${attribute.acknowledged} = :settled`,
    ConditionExpression: `${clause.isKnown} AND ${attribute.status} <> :status AND ${isLatest}`,
    ExpressionAttributeValues: {
      ':flip': { S: flipKey(outage) },
      ':settled': { S: flipKey(settledByPause(outage)) },
      ':status': { S: outage.status },
    },
  }
}

const isLatest = `(attribute_not_exists(${attribute.acknowledged}) OR ${attribute.acknowledged} < :flip)`

function setSince(update: Update, after: Heartbeat): void {
  const [sinceName, countName] = sinceAttributes[after.status]
  for (const name of sinceNames) {
    if (name === sinceName) update.put(name, maybe(after.since?.at))
    else if (name === countName) update.setTo(name, attribute.count)
    else update.remove(name)
  }
}

function unchanged(
  before: Heartbeat,
  after: Heartbeat,
): readonly [condition: string, values: Record<string, AttributeValue>] {
  const was: readonly (readonly [name: string, value: AttributeValue | undefined])[] = [
    [attribute.version, number(before.version)],
    [attribute.status, { S: before.status }],
    [attribute.lastPingAt, maybe(before.lastPingAt)],
    [attribute.startedAt, maybe(before.running?.startedAt)],
    [attribute.runId, maybeText(before.running?.runId)],
    // A pause settles what was told, so nothing may have been told since.
    ...(before.status !== 'paused' && after.status === 'paused'
      ? [[attribute.acknowledged, maybeChange(before.acknowledged)] as const]
      : []),
  ]
  const clauses = was.map(([name, value]) =>
    value === undefined ? `attribute_not_exists(${name})` : `${name} = :was_${name}`,
  )
  const values = was.flatMap(([name, value]) =>
    value === undefined ? [] : [[`:was_${name}`, value] as const],
  )
  return [clauses.join(' AND '), Object.fromEntries(values)]
}

function number(value: number): AttributeValue & { readonly N: string } {
  return { N: value.toString() }
}

function maybe(value: number | undefined): AttributeValue | undefined {
  return value === undefined ? undefined : number(value)
}

function maybeText(value: string | undefined): AttributeValue | undefined {
  return value === undefined ? undefined : { S: value }
}

function maybeChange(value: StatusChange | undefined): AttributeValue | undefined {
  return maybeText(value && flipKey(value))
}
