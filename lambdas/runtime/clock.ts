/** Time as the functions see it. Everything that reads or waits for time does it here, so that a simulation can own time. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number
  /** Resolves once `now()` is `at` or later. */
  waitUntil(at: number): Promise<void>
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

const systemClock: Clock = {
  now: () => Date.now(),
  async waitUntil(at) {
    for (let left = at - Date.now(); left > 0; left = at - Date.now()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, LONGEST_TIMER_MS)))
    }
  },
}

/** A host that owns time, as the local stack does, leaves its clock under this symbol before it loads a function. */
export const hostClock = Symbol.for('overdue.clock')

export const clock: Clock = (globalThis as { [hostClock]?: Clock })[hostClock] ?? systemClock
