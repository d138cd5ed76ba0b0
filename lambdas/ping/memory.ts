import { createHash } from 'node:crypto'
import {
  afterTaking,
  afterToken,
  type TokenBucket,
  bucketWaitMs,
  type Flow,
  newFlow,
  type PingLimit,
  type Arrival,
  waitMsOf,
} from '../domain/watching/ping-limit.ts'
import { warn } from '../runtime/log.ts'
import type { ReceivedPing } from './request.ts'

/**
 * A check takes some hundred bytes. A check that was forgotten counts as new: more of its pings are
 * taken then, never fewer.
 */
const MOST_CHECKS = 2000
/**
 * A ping to an unknown check costs a write. After so many of those, a check that is new here is
 * read before it is written to, which costs a fifth.
 */
const UNKNOWN_LIMIT: PingLimit = { perMinute: 60, burst: 100 }
const BURST_MINUTES = 10
const WARNING_EVERY_MS = 60_000

type Entry = {
  readonly checkId: string
  readonly flow: Flow
  readonly hasBodyRules: boolean
  readonly countsEnds: boolean
  refused: number
  warnedAt: number
}

/** What was found out about the check of a ping that was taken. */
type Taken = {
  readonly checkId: string
  readonly hasBodyRules: boolean
  readonly countsEnds?: boolean
}

/**
 * What one instance of the ping function remembers of the pings that it took, so that it can refuse
 * those that would make no difference. It lives and ends with the instance, and costs nothing.
 */
export class PingMemory {
  readonly #limit: PingLimit | undefined
  readonly #entries = new Map<string, Entry>()
  #unknown: TokenBucket | undefined

  /** @param perMinute pings of one kind to one check; infinity for all */
  constructor(perMinute: number) {
    this.#limit =
      perMinute === Infinity ? undefined : { perMinute, burst: perMinute * BURST_MINUTES }
  }

  /**
   * How long a ping has to wait to make a difference; 0 when it is to be taken. Refusals are logged
   * once a minute for each check.
   * @param key of whom the ping is addressed to, here and below: a check's UUID, or its slug
   */
  waitMs(key: string, received: ReceivedPing): number {
    const entry = this.#entries.get(key)
    if (entry === undefined || this.#limit === undefined) return 0
    if (entry.countsEnds && mayEndRun(received, entry)) return 0
    const waitMs = waitMsOf(entry.flow, arrivalOf(received, entry.hasBodyRules), this.#limit)
    if (waitMs > 0) this.#refuse(entry, received.ping.at)
    return waitMs
  }

  /** Remembers a ping that was taken. A start or log does not tell whether ends are counted. */
  noteTaken(key: string, received: ReceivedPing, check: Taken): void {
    const before = this.#entries.get(key)
    const arrival = arrivalOf(received, check.hasBodyRules)
    const flow =
      this.#limit === undefined
        ? newFlow
        : afterTaking(before?.flow ?? newFlow, arrival, this.#limit)
    const { checkId, hasBodyRules } = check
    const countsEnds = mayEndRun(received, check)
      ? check.countsEnds === true
      : before?.countsEnds === true
    const entry = { checkId, hasBodyRules, countsEnds, flow }
    this.#entries.delete(key)
    this.#entries.set(key, { refused: 0, warnedAt: -Infinity, ...before, ...entry })
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MOST_CHECKS) break
      this.#entries.delete(oldest)
    }
  }

  /** Remembers that there is no such check. */
  noteUnknown(key: string, now: number): void {
    this.#entries.delete(key)
    this.#unknown = afterToken(this.#unknown, now, UNKNOWN_LIMIT)
  }

  /** Whether a check is new here, while many pings have named unknown checks of late. */
  isDoubtful(key: string, now: number): boolean {
    return !this.#entries.has(key) && bucketWaitMs(this.#unknown, now, UNKNOWN_LIMIT) > 0
  }

  #refuse(entry: Entry, now: number): void {
    entry.refused += 1
    if (now < entry.warnedAt + WARNING_EVERY_MS) return
    warn('pings-limited', { check: entry.checkId, count: entry.refused })
    entry.warnedAt = now
    entry.refused = 0
  }
}

/** Too many ends of runs bring some checks down, so none of them is refused. */
function mayEndRun(
  { ping: { signal } }: ReceivedPing,
  { hasBodyRules }: Pick<Taken, 'hasBodyRules'>,
): boolean {
  return hasBodyRules || signal === 'success' || signal === 'fail'
}

function arrivalOf({ ping, body }: ReceivedPing, hasBodyRules: boolean): Arrival {
  return hasBodyRules
    ? { ping, bodyHash: createHash('sha256').update(body).digest('base64') }
    : { ping }
}
