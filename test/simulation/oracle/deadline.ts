import type { Run } from '../invariant.ts'
import { HOLD_MINUTES } from '../settings.ts'
import { nextRun, scheduleBehind } from '../workload/schedules.ts'
import type { Beat } from './history.ts'

/**
 * When a heartbeat goes down unless it is pinged, by the words of the design: the earlier of what
 * is expected and of a run's start, plus grace.
 */
export function deadlineBy(beat: Beat): number | undefined {
  return awaitedBy(beat)?.deadline
}

/** Until when a heartbeat waits, and since which ping. */
export type Wait = { readonly deadline: number; readonly since: number }

/** What a heartbeat waits for at first. */
export function awaitedBy(beat: Beat): Wait | undefined {
  const [first, second] = waitsOf(beat)
  return first !== undefined && second !== undefined && second.deadline <= first.deadline
    ? second
    : first
}

/** What a heartbeat waits for: its next ping, and the end of its run. */
export function waitsOf(beat: Beat): readonly Wait[] {
  const graceMs = beat.G * 1000
  const expected =
    beat.s === 'up' && beat.p !== undefined
      ? [
          {
            deadline:
              nextRun(scheduleBehind(beat.P?.toString(), beat.C ?? beat.O), beat.p) + graceMs,
            since: beat.p,
          },
        ]
      : []
  const started =
    beat.s !== 'down' && beat.t !== undefined ? [{ deadline: beat.t + graceMs, since: beat.t }] : []
  return [...expected, ...started]
}

/**
 * How far a deadline may lie behind where pings alone put it: while pings can't be taken, timeouts
 * are held.
 */
export function longestHoldMs({ settings }: Run): number {
  return settings.watchesIntake ? HOLD_MINUTES * 60_000 : 0
}
