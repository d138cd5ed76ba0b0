/** A time in which pings could not be taken; without an end it is not over. */
export type Interval = { readonly startedAt: number; readonly endedAt?: number }

/**
 * When pings could not be taken: intervals oldest first and disjoint, and how far they may put a
 * deadline off.
 */
export type Impairment = { readonly intervals: readonly Interval[]; readonly longestHoldMs: number }

/** Pings have been taken all along. */
export const unimpaired: Impairment = { intervals: [], longestHoldMs: 0 }

/**
 * A deadline, put off by the time in which the awaited ping could not have been taken: the clock of
 * a check stands still meanwhile, though not longer than the longest hold. What lies before the
 * ping was awaited, or begins at the deadline or later, moves nothing.
 * @param awaitedSince the last ping that was taken, or the start of the run
 */
export function putOff(
  deadline: number,
  awaitedSince: number,
  { intervals, longestHoldMs }: Impairment,
): number {
  let at = deadline
  for (const { startedAt, endedAt = Infinity } of intervals) {
    if (startedAt >= at) break
    at += Math.max(0, endedAt - Math.max(startedAt, awaitedSince))
  }
  return Math.min(at, deadline + longestHoldMs)
}

/** The way back: by how much a deadline had been put off, given where it came to lie. */
export function heldMs(
  deadline: number,
  awaitedSince: number,
  { intervals, longestHoldMs }: Impairment,
): number {
  const impairedMs = ({ startedAt, endedAt = Infinity }: Interval) =>
    Math.max(0, Math.min(endedAt, deadline) - Math.max(startedAt, awaitedSince))
  return Math.min(
    longestHoldMs,
    intervals.reduce((sum, interval) => sum + impairedMs(interval), 0),
  )
}

/** The last time in which pings could not be taken between two instants. */
export function lastImpaired(
  { intervals }: Impairment,
  from: number,
  to: number,
): Interval | undefined {
  return intervals.findLast(({ startedAt, endedAt = Infinity }) => startedAt < to && endedAt > from)
}
