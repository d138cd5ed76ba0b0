import type { ScheduledRuns } from './feeds/scheduled-runs.ts'
import { type OperatorStores, quietUntil, scheduled } from './overdue.ts'
import { settle, type Parts } from './stillness.ts'

export type TimeTravelDeps = {
  readonly parts: Parts
  readonly schedules: readonly ScheduledRuns[]
  readonly stores: Pick<OperatorStores, 'heartbeats' | 'operations'>
  /** Grows with every write to what scheduled functions look at. */
  readonly writes: () => number
  /** Removes what has outlived its time to live. */
  readonly removeExpired: () => Promise<void>
}

/** DynamoDB, too, takes its time with what has expired. */
const EXPIRY_AFTER_SECONDS = 86_400

/**
 * How long settling waits for work in flight that itself waits on the clock: some of it does so for
 * up to two seconds.
 */
const PATIENCE_MS = 3000

/** Moves the stack's clock forward, from one instant at which something goes on to the next. */
export class TimeTravel {
  readonly #deps: TimeTravelDeps
  readonly #sweep: ScheduledRuns | undefined
  readonly #sync: ScheduledRuns | undefined
  readonly #drill: ScheduledRuns | undefined
  #journey: Promise<unknown> = Promise.resolve()
  /** Writes and runs of sync when runs were last left out. */
  #planned = ''
  /** Of the last run of sync: how many it was, and how many writes there were behind it. */
  #synced = { runs: 0, writes: -1 }

  constructor(deps: TimeTravelDeps) {
    this.#deps = deps
    const runsOf = (name: string) =>
      deps.schedules.find(({ target }) => target.definition.name === name)
    this.#sweep = runsOf(scheduled.sweep)
    this.#sync = runsOf(scheduled.sync)
    this.#drill = runsOf(scheduled.drill)
  }

  /** Waits until all that is in flight has arrived. */
  async settle(): Promise<void> {
    await settle(this.#deps.parts, PATIENCE_MS)
  }

  /** Advances the clock; one call after another, so that each gets its whole stretch. */
  advance(seconds: number): Promise<void> {
    const journey = this.#journey.then(() => this.#advance(seconds))
    this.#journey = journey.catch(() => undefined)
    return journey
  }

  async #advance(seconds: number): Promise<void> {
    const { parts } = this.#deps
    const end = parts.clock.now() + seconds * 1000
    this.#planned = ''
    for (let still = await settle(parts, 0); ; still = await settle(parts, 0)) {
      await this.#skipIdleRuns(end)
      const nextAt = Math.min(still.nextAt ?? Infinity, parts.clock.nextAt() ?? Infinity)
      if (nextAt > end) break
      parts.clock.moveTo(nextAt)
    }
    parts.clock.moveTo(end)
    await this.settle()
    if (seconds >= EXPIRY_AFTER_SECONDS) await this.#deps.removeExpired()
  }

  /** Runs that can change nothing are left out, but for the last before one that can. */
  async #skipIdleRuns(end: number): Promise<void> {
    const writes = this.#deps.writes()
    const plan = `${writes} ${this.#sync?.ended ?? 0}`
    if (plan === this.#planned) return
    this.#planned = plan
    await this.#skipSweeps(end)
    this.#skipSyncs(end, writes)
    // One drill of a stretch says all: it changes nothing that anybody else looks at.
    this.#drill?.resume()
    this.#drill?.skipUntil(end)
  }

  async #skipSweeps(end: number): Promise<void> {
    if (this.#sweep === undefined) return
    const { parts, stores } = this.#deps
    this.#sweep.resume()
    if ((await stores.operations.intake())?.intake.trouble === undefined) {
      this.#sweep.skipUntil(await quietUntil(stores.heartbeats, parts.clock.now(), end))
    } else {
      // Each run may find that pings are taken again, which no write to a watched table tells.
      this.#planned = ''
    }
  }

  /** A sync that found all in order finds it so again, until something is written. */
  #skipSyncs(end: number, writes: number): void {
    const sync = this.#sync
    if (sync === undefined) return
    if (sync.ended > this.#synced.runs)
      this.#synced = { runs: sync.ended, writes: sync.hasFailed ? -1 : writes }
    sync.resume()
    if (writes === this.#synced.writes) sync.skipUntil(end)
  }
}
