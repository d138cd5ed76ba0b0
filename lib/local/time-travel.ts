import type { ScheduledRuns } from './feeds/scheduled-runs.ts'
import { type OperatorStores, quietFrom, scheduled, type Sight } from './overdue.ts'
import { settle, type Parts } from './stillness.ts'

export type TimeTravelDeps = {
  readonly parts: Parts
  readonly schedules: readonly ScheduledRuns[]
  readonly stores: Pick<OperatorStores, 'heartbeats' | 'operations'>
  /** Counts the writes to tables that scheduled functions read. */
  readonly writes: () => number
  /** Removes the items whose time to live is over. */
  readonly removeExpired: () => Promise<void>
}

/** In a shorter stretch no expired items are removed: DynamoDB takes its time with them, too. */
const EXPIRY_AFTER_SECONDS = 86_400

/** How long settling lets the clock run for work in flight, some of which waits two seconds. */
const PATIENCE_MS = 3000

/** Moves the stack's clock forward, from each instant at which something happens to the next. */
export class TimeTravel {
  readonly #deps: TimeTravelDeps
  readonly #sweep: ScheduledRuns | undefined
  readonly #sync: ScheduledRuns | undefined
  /** Runs that nothing on this clock gives more to do. */
  readonly #once: readonly ScheduledRuns[]
  #journey: Promise<unknown> = Promise.resolve()
  /** The writes and runs of sync that there had been when runs were last skipped. */
  #planned = ''
  /** What there was to see then, in the same stretch. */
  #sight: Sight | undefined
  /** How many runs of sync, and how many writes, there were when its last run ended. */
  #synced = { runs: 0, writes: -1 }
  #isStopped = false

  constructor(deps: TimeTravelDeps) {
    this.#deps = deps
    const runsOf = (name: string) =>
      deps.schedules.find(({ target }) => target.definition.name === name)
    this.#sweep = runsOf(scheduled.sweep)
    this.#sync = runsOf(scheduled.sync)
    this.#once = deps.schedules.filter(({ target: { definition } }) =>
      [scheduled.drill, scheduled.mirror].some((name) => name === definition.name),
    )
  }

  /** Waits until nothing is in flight. */
  async settle(): Promise<void> {
    await settle(this.#deps.parts, PATIENCE_MS)
  }

  /** Advances the clock. Calls run one after another, so that each gets its whole stretch. */
  advance(seconds: number): Promise<void> {
    const journey = this.#journey.then(() => this.#advance(seconds))
    this.#journey = journey.catch(() => undefined)
    return journey
  }

  /** Ends the calls under way where they are, and waits for that. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#journey
  }

  async #advance(seconds: number): Promise<void> {
    const { parts } = this.#deps
    const end = parts.clock.now() + seconds * 1000
    this.#planned = ''
    this.#sight = undefined
    for (let still = await settle(parts, 0); ; still = await settle(parts, 0)) {
      if (this.#isStopped) return
      await this.#skipIdleRuns(end)
      const nextAt = Math.min(still.nextAt ?? Infinity, parts.clock.nextAt() ?? Infinity)
      if (nextAt > end) break
      parts.clock.moveTo(nextAt)
    }
    parts.clock.moveTo(end)
    await this.settle()
    if (seconds >= EXPIRY_AFTER_SECONDS) await this.#deps.removeExpired()
  }

  /** Skips runs that can change nothing, except the last one before a run that can. */
  async #skipIdleRuns(end: number): Promise<void> {
    const writes = this.#deps.writes()
    const plan = `${writes} ${this.#sync?.ended ?? 0}`
    if (plan === this.#planned) return
    this.#planned = plan
    await this.#skipSweeps(end)
    this.#skipSyncs(end, writes)
    // One drill is enough for a stretch, because nobody else reads what drills change. So is one
    // mirror, because a database changes by the clock of this machine.
    for (const runs of this.#once) {
      runs.resume()
      runs.skipUntil(end)
    }
  }

  async #skipSweeps(end: number): Promise<void> {
    if (this.#sweep === undefined) return
    const { parts, stores } = this.#deps
    this.#sweep.resume()
    if ((await stores.operations.intake())?.intake.trouble === undefined) {
      const stretch = [parts.clock.now(), end] as const
      const { until, sight } = await quietFrom(stores.heartbeats, stretch, this.#sight)
      this.#sight = sight
      this.#sweep.skipUntil(until)
    } else {
      // Each run may find that pings are taken again, which shows in no watched table.
      this.#planned = ''
    }
  }

  /** A sync that found everything in order finds it so again until something is written. */
  #skipSyncs(end: number, writes: number): void {
    const sync = this.#sync
    if (sync === undefined) return
    if (sync.ended > this.#synced.runs)
      this.#synced = { runs: sync.ended, writes: sync.hasFailed ? -1 : writes }
    sync.resume()
    if (writes === this.#synced.writes) sync.skipUntil(end)
  }
}
