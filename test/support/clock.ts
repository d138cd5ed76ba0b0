import type { Clock } from '../../lambdas/runtime/clock.ts'

/**
 * A clock that stands still until somebody waits for it, and then is there. `arrive` is what
 * happens while it waits.
 */
export function aClock(
  at: number,
  arrive: () => unknown = () => undefined,
): Clock & { set(at: number): void } {
  let now = at
  return {
    now: () => now,
    set: (next) => (now = next),
    async waitUntil(until) {
      now = Math.max(now, until)
      await arrive()
    },
  }
}

/** A clock that stands still for who waits, so that whatever is waited for is in time. */
export function aPatientClock(at: number): Clock {
  return { now: () => at, waitUntil: () => new Promise(() => undefined) }
}

/**
 * A clock on which each wait is over as soon as nothing else goes on: whatever is waited for and
 * never comes is late. It tells the time.
 */
export function anImpatientClock(at: number): Clock {
  let now = at
  return {
    now: () => now,
    async waitUntil(until, signal) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      if (signal?.aborted !== true) now = Math.max(now, until)
    },
  }
}
