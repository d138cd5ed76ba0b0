/**
 * Time as the functions see it. Everything that reads or waits for time does it here, so that a
 * simulation can own time.
 */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number
  /** Resolves once `now()` is `at` or later, or once the signal aborts the wait. */
  waitUntil(at: number, signal?: AbortSignal): Promise<void>
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

const systemClock: Clock = {
  now: () => Date.now(),
  async waitUntil(at, signal) {
    for (let left = at - Date.now(); left > 0 && signal?.aborted !== true; left = at - Date.now()) {
      await pause(Math.min(left, LONGEST_TIMER_MS), signal)
    }
  },
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}

/**
 * A host that owns time, as the local stack does, leaves its clock under this symbol before it
 * loads a function.
 */
export const hostClock = Symbol.for('overdue.clock')

export const clock: Clock = (globalThis as { [hostClock]?: Clock })[hostClock] ?? systemClock
