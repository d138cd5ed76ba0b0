import type { Clock } from '../../../lambdas/runtime/clock.ts'

/**
 * What a timer is for. `work` is part of something in flight: a retry, a delayed message, a batch
 * window. `schedule` is a run of a scheduled function. `limit` is a time limit.
 */
export type TimerKind = 'work' | 'schedule' | 'limit'

type Timer = { readonly at: number; readonly kind: TimerKind; readonly run: () => void }

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The one clock of the local stack: real time plus an offset that only grows. */
export class VirtualClock implements Clock {
  readonly #timers = new Set<Timer>()
  readonly #listeners: ((offsetMs: number) => void)[] = []
  #offsetMs: number
  #armed: { readonly at: number; readonly handle: NodeJS.Timeout } | undefined
  #isStopped = false

  constructor(offsetMs = 0) {
    this.#offsetMs = offsetMs
  }

  get offsetMs(): number {
    return this.#offsetMs
  }

  now(): number {
    return Date.now() + this.#offsetMs
  }

  waitUntil(at: number): Promise<void> {
    return new Promise((resolve) => this.at(at, 'work', resolve))
  }

  /** Runs something at an instant. Call what it returns to cancel that. */
  at(at: number, kind: TimerKind, run: () => void): () => void {
    if (this.#isStopped) return () => undefined
    const timer = { at, kind, run }
    this.#timers.add(timer)
    if (this.#armed === undefined || at < this.#armed.at) this.#arm(at)
    return () => this.#timers.delete(timer)
  }

  /** The earliest instant at which a timer of one of these kinds ends. */
  nextAt(kinds: readonly TimerKind[] = ['work', 'schedule', 'limit']): number | undefined {
    let next: number | undefined
    for (const { at, kind } of this.#timers)
      if (kinds.includes(kind) && (next === undefined || at < next)) next = at
    return next
  }

  /**
   * Moves the clock forward to `at`, and runs what is due. The clock stays where it is when a
   * listener throws.
   */
  moveTo(at: number): void {
    const offsetMs = this.#offsetMs + Math.max(0, at - this.now())
    for (const listener of this.#listeners) listener(offsetMs)
    this.#offsetMs = offsetMs
    this.#runDue()
  }

  onMove(listener: (offsetMs: number) => void): void {
    this.#listeners.push(listener)
  }

  /** Nothing runs any more, what is asked for later included. */
  stop(): void {
    this.#isStopped = true
    this.#disarm()
    this.#timers.clear()
  }

  #runDue(): void {
    const now = this.now()
    const due = [...this.#timers].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
    for (const timer of due) if (this.#timers.delete(timer)) timer.run()
    const next = this.nextAt()
    if (next === undefined) this.#disarm()
    else this.#arm(next)
  }

  #arm(at: number): void {
    this.#disarm()
    const waitMs = Math.min(Math.max(0, at - this.now()), LONGEST_TIMER_MS)
    this.#armed = { at, handle: setTimeout(() => this.#runDue(), waitMs) }
  }

  #disarm(): void {
    clearTimeout(this.#armed?.handle)
    this.#armed = undefined
  }
}
