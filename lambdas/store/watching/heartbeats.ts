import type { Definition } from '../../domain/watching/definition.ts'
import type { Flip } from '../../domain/watching/flip.ts'
import type { CheckWindows, HeartbeatState, Heartbeat } from '../../domain/watching/heartbeat.ts'
import { isLate, afterPing } from '../../domain/watching/after-ping.ts'
import type { Miss } from '../../domain/watching/deadline.ts'
import { pause, resume } from '../../domain/watching/pause.ts'
import { afterMiss } from '../../domain/watching/after-miss.ts'
import type { Ping, PingType } from '../../domain/watching/ping.ts'
import { snooze, unsnooze } from '../../domain/watching/snooze.ts'
import { backOff } from '../../runtime/backoff.ts'
import type { Database, Write, Written } from '../../runtime/database.ts'
import { type Attributes, maybeText } from '../items/attributes.ts'
import {
  acknowledgeExpression,
  allowedChange,
  buryExpression,
  defineExpression,
  defineLostExpression,
  type HeartbeatUpdate,
  type Look,
  lookAgainExpression,
  lookExpression,
  overtakenExpression,
  redefineExpression,
  removalCondition,
  settleExpression,
  windowsExpression,
} from './heartbeat-expressions.ts'
import * as attribute from './heartbeat-attributes.ts'
import { heartbeatStateOf, stateProjection, heartbeatOf } from './heartbeat-item.ts'
import { runRulesText } from './run-rules-item.ts'
import { type NoteUnreadable, readEach } from '../items/read-each.ts'
import { latePingExpression, pingExpression } from './ping-expression.ts'

/**
 * Attempts for a ping that needs a read first. A lost attempt means that another ping got through.
 */
const SECOND_STEP_TRIES = 10
const STATE_CHANGE_TRIES = 5
const PAGE_TRIES = 8

/**
 * One page of a scan. An item that can't be read is named, so that one bad item doesn't hide the
 * others.
 */
export type ScanPage<Read = Heartbeat> = {
  readonly heartbeats: readonly Read[]
  readonly broken: readonly string[]
}

/**
 * The number of a ping in the log. `countsEnds` says that the check is up, and would go down by too
 * many pings like this one.
 */
export type RecordedPing = { readonly number: number; readonly countsEnds?: boolean }

/** The table of heartbeats, one live item a check. A tombstone is treated as absent everywhere. */
export class Heartbeats {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * Records a ping and answers with its number. Most pings are one write; the domain decides what
   * its condition can't, for a second one.
   * @param readBodyType says what the ping's body means; it is asked once at most, and only where
   * the check has rules on bodies
   * @throws when the heartbeat changes under every try.
   */
  async recordPing(
    id: string,
    ping: Ping,
    readBodyType?: () => Promise<PingType | undefined>,
  ): Promise<'missing' | RecordedPing> {
    let countsEnds = false
    let bodyType: Promise<PingType | undefined> | undefined
    let stored = await this.#update(id, pingExpression(ping))
    for (let attempt = 0; attempt < SECOND_STEP_TRIES && !stored.isWritten; attempt += 1) {
      const before = stored.found && heartbeatOf(stored.found)
      if (before === undefined) return 'missing'
      if (before.hasBodyRules) bodyType ??= readBodyType?.()
      const after = afterPing(before, ping, await bodyType)
      if (after === before) return { number: before.pingCount }
      if (attempt > 0) await backOff(attempt)
      countsEnds = after.status === 'up' && after.rules?.mostPings !== undefined
      stored = await this.#update(id, secondStep(before, after, ping))
    }
    if (!stored.isWritten)
      throw new Error(
        `heartbeat ${id} changed ${SECOND_STEP_TRIES} times while a ping was being recorded`,
      )
    const number = Number(stored.item?.[attribute.count] ?? 0)
    return { number, ...(countsEnds ? { countsEnds } : {}) }
  }

  /** Whether the check exists. It costs a fifth of a write that finds none. */
  async isKnown(id: string): Promise<boolean> {
    return (await this.read(id)) !== undefined
  }

  /** The heartbeat as it is now. */
  async read(id: string): Promise<Heartbeat | undefined> {
    const item = await this.#database.get({ ...this.#at(id), isCurrent: true })
    return item && heartbeatOf(item)
  }

  /**
   * Heartbeats by id, as they are now; those that don't exist, or can't be read, are left out.
   * @throws when DynamoDB leaves keys unread again and again.
   */
  async readMany(
    ids: readonly string[],
    note?: NoteUnreadable,
  ): Promise<ReadonlyMap<string, Heartbeat>> {
    const items = await this.#database.getSome(this.#table, [...new Set(ids)].map(key))
    const heartbeats = readEach(items, heartbeatOf, { nameOf: idOf, note })
    return new Map(heartbeats.map((heartbeat) => [heartbeat.id, heartbeat]))
  }

  /** The version of each definition that is stored now; a tombstone's is that of the deletion. */
  async versions(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const items = await this.#database.getSome(this.#table, [...new Set(ids)].map(key))
    return new Map(items.map((item) => [idOf(item), Number(item[attribute.version] ?? 0)]))
  }

  /**
   * Writes a definition unless a newer one is stored. What pings left stays; a check unknown so far
   * becomes a new one.
   * @param lostAt of a check that should have a heartbeat (`stateLossOf`): if it has none, its
   * state is marked as lost
   */
  async define(
    id: string,
    definition: Definition,
    lostAt?: number,
  ): Promise<'written' | 'lost' | 'stale'> {
    if (lostAt === undefined)
      return (await this.#update(id, defineExpression(definition))).isWritten ? 'written' : 'stale'
    const stored = await this.#update(id, redefineExpression(definition))
    if (stored.isWritten) return 'written'
    if (
      stored.found?.[attribute.version] !== undefined &&
      stored.found[attribute.tombstone] === undefined
    )
      return 'stale'
    return (await this.#update(id, defineLostExpression(definition, lostAt))).isWritten
      ? 'lost'
      : 'stale'
  }

  /** The heartbeat of a check that is made in the same transaction: all or nothing. */
  creation(id: string, definition: Definition): Write {
    return { update: { ...this.#at(id), ...defineExpression(definition) } }
  }

  /**
   * Leaves a tombstone where a deleted check was, so that a late event can't bring it back.
   * `version` is that of the deletion.
   */
  async bury(id: string, version: number, now: number): Promise<void> {
    await this.#update(id, buryExpression(version, now))
  }

  /**
   * Removes a heartbeat without a check, provided that its definition still has this version.
   */
  async remove(id: string, version: number): Promise<'removed' | 'changed'> {
    const { isWritten } = await this.#database.delete({
      ...this.#at(id),
      ...removalCondition(version),
    })
    return isWritten ? 'removed' : 'changed'
  }

  /** Pauses a check; a paused one stays as it is. */
  async pause(id: string, now: number): Promise<Heartbeat | 'missing'> {
    return this.#change<never>(id, (heartbeat) => pause(heartbeat, now))
  }

  async resume(id: string, now: number): Promise<Heartbeat | 'missing' | 'not-paused'> {
    return this.#change(id, (heartbeat) => resume(heartbeat, now) ?? 'not-paused')
  }

  /** Has the alerts of a check wait until an instant, instead of any earlier one. */
  async snooze(id: string, until: number, now: number): Promise<Heartbeat | 'missing'> {
    return this.#change<never>(id, (heartbeat) => snooze(heartbeat, until, now))
  }

  async unsnooze(id: string, now: number): Promise<Heartbeat | 'missing'> {
    return this.#change<never>(id, (heartbeat) => unsnooze(heartbeat, now))
  }

  /** Has `alert` look again at the outage of a check, if there is one. */
  async lookAgain(id: string, now: number): Promise<void> {
    await this.#update(id, lookAgainExpression(now))
  }

  /**
   * Notes which windows concern a check.
   * @param version grows with each change of the check and of its project's windows
   */
  async setWindows(
    id: string,
    windows: CheckWindows | undefined,
    version: number,
  ): Promise<'written' | 'stale'> {
    const { isWritten } = await this.#update(id, windowsExpression(windows, version))
    return isWritten ? 'written' : 'stale'
  }

  /**
   * Brings a check down that missed its deadline, or notes the miss where the check tolerates it,
   * provided that the check is still as it was judged.
   */
  async flagMissed(
    heartbeat: Heartbeat,
    miss: Miss,
    now: number,
  ): Promise<'flagged' | 'noted' | 'changed'> {
    const after = afterMiss(heartbeat, miss, now)
    const { isWritten } = await this.#update(heartbeat.id, allowedChange(heartbeat, after))
    if (!isWritten) return 'changed'
    return after.status === 'down' ? 'flagged' : 'noted'
  }

  /** Notes a flip as acknowledged, unless a later one of the check is acknowledged already. */
  async acknowledge(flip: Flip, now: number): Promise<void> {
    const isCurrent = (await this.#update(flip.checkId, acknowledgeExpression(flip))).isWritten
    if (isCurrent || flip.status !== 'down') return
    const isOvertaken = (await this.#update(flip.checkId, overtakenExpression(flip, now))).isWritten
    if (!isOvertaken) await this.#update(flip.checkId, settleExpression(flip))
  }

  /**
   * Notes when to look at an outage again, unless somebody has asked for a look meanwhile, or its
   * check has another status by now.
   */
  async scheduleLook(flip: Flip, look: Look): Promise<'noted' | 'changed'> {
    return (await this.#update(flip.checkId, lookExpression(flip, look))).isWritten
      ? 'noted'
      : 'changed'
  }

  /**
   * All heartbeats of one segment of the table, page by page, eventually consistent. A failed page
   * is tried again, because callers that need all have time.
   */
  async *scan(segment: number, segments: number): AsyncGenerator<ScanPage> {
    const scan = { table: this.#table, segment: { index: segment, count: segments } }
    for await (const items of this.#database.scan({ ...scan, tries: PAGE_TRIES }))
      yield pageOf(items, heartbeatOf)
  }

  /**
   * Scans only what a sweep inspects: as many read units, a quarter of the work. A failed page is
   * not tried again, because the next sweep reads it.
   */
  async *scanStates(segment: number, segments: number): AsyncGenerator<ScanPage<HeartbeatState>> {
    const scan = { table: this.#table, segment: { index: segment, count: segments } }
    for await (const items of this.#database.rawScan({ ...scan, fields: stateProjection }))
      yield pageOf(items, heartbeatStateOf)
  }

  async #change<T extends string>(
    id: string,
    decide: (heartbeat: Heartbeat) => Heartbeat | T,
  ): Promise<Heartbeat | T | 'missing'> {
    for (let attempt = 0; attempt < STATE_CHANGE_TRIES; attempt += 1) {
      if (attempt > 0) await backOff(attempt)
      const before = await this.read(id)
      if (before === undefined) return 'missing'
      const after = decide(before)
      if (typeof after === 'string' || after === before) return after
      if ((await this.#update(id, allowedChange(before, after))).isWritten) return after
    }
    throw new Error(
      `heartbeat ${id} changed ${STATE_CHANGE_TRIES} times while its status was being changed`,
    )
  }

  #update(id: string, update: HeartbeatUpdate): Promise<Written> {
    return this.#database.update({
      ...this.#at(id),
      ...update,
      showsWritten: true,
      showsFound: true,
    })
  }

  #at(id: string) {
    return { table: this.#table, key: key(id) }
  }
}

function key(id: string): { readonly id: string } {
  return { id }
}

/**
 * Writes what the domain has decided, mostly on condition that nothing read has changed. Two kinds
 * of pings have weaker conditions, so that other pings at the same time don't make them fail: those
 * that only count, because newer ones are stored, and those that are special only by their body.
 */
function secondStep(before: Heartbeat, after: Heartbeat, ping: Ping): HeartbeatUpdate {
  const signal = after.lastPing?.type ?? 'ign'
  if (signal === 'ign') return allowedChange(before, after)
  const meant = { ...ping, signal }
  const version = before.hasBodyRules ? before.version : undefined
  if (isLate(before, ping))
    return after.running === before.running
      ? latePingExpression(meant, version)
      : allowedChange(before, after)
  return version === undefined || dependsOnState(before, meant)
    ? allowedChange(before, after)
    : pingExpression(meant, version)
}

/** Whether a ping does other things than a plain one, by the run under way or by rules on runs. */
function dependsOnState({ running, rules = {} }: Heartbeat, { signal, runId }: Ping): boolean {
  if (running !== undefined && running.runId !== runId) return true
  if (signal === 'start') return running !== undefined && rules.maxRuntimeSeconds !== undefined
  return signal !== 'log' && runRulesText(rules) !== undefined
}

function pageOf<Item extends Attributes, Read>(
  items: readonly Item[],
  decode: (item: Item) => Read | undefined,
): ScanPage<Read> {
  const broken: string[] = []
  const heartbeats = readEach(items, decode, { nameOf: idOf, note: (id) => broken.push(id) })
  return { heartbeats, broken }
}

function idOf(item: Attributes): string {
  return maybeText(item, attribute.id) ?? ''
}
