import type { Run } from '../invariant.ts'
import { HOLD_MINUTES } from '../settings.ts'
import { nextRun, scheduleBehind } from '../workload/schedules.ts'
import type { Beat } from './history.ts'

/** When a heartbeat goes down unless it is pinged, by the words of the design: the earlier of what is expected and of a run's start, plus grace. */
export function deadlineBy(beat: Beat): number | undefined {
  return awaitedBy(beat)?.deadline
}

/** What a heartbeat waits for: until when, and since which ping. */
export function awaitedBy(beat: Beat): { readonly deadline: number; readonly since: number } | undefined {
  const expected =
    beat.s === 'up' && beat.p !== undefined ? nextRun(scheduleBehind(beat.P?.toString(), beat.C ?? beat.O), beat.p) : Infinity
  const started = beat.s === 'down' ? Infinity : (beat.t ?? Infinity)
  const due = Math.min(expected, started)
  if (due === Infinity) return undefined
  return { deadline: due + beat.G * 1000, since: due === started ? started : (beat.p ?? 0) }
}

/** How far a deadline may lie behind where pings alone put it: while pings can't be taken, timeouts are held. */
export function longestHoldMs({ settings }: Run): number {
  return settings.watchesIntake ? HOLD_MINUTES * 60_000 : 0
}
