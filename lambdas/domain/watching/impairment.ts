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
 * A deadline, put off by the time in which the awaited ping could not have been taken. The check's
 * clock stands still in that time, for the longest hold at most. Intervals before the ping was
 * awaited, and those that begin at the deadline or later, move nothing.
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

/** The last time in which pings could not be taken between two instants. */
export function lastImpaired(
  { intervals }: Impairment,
  from: number,
  to: number,
): Interval | undefined {
  return intervals.findLast(({ startedAt, endedAt = Infinity }) => startedAt < to && endedAt > from)
}
