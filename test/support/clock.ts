import type { Clock } from '../../lambdas/runtime/clock.ts'

/** A clock that stands still until somebody waits for it, and then is there. `arrive` is what happens while it waits. */
export function aClock(at: number, arrive: () => unknown = () => undefined): Clock & { set(at: number): void } {
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
