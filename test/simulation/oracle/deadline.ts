import { nextRun, scheduleBehind } from '../workload/schedules.ts'
import type { Beat } from './history.ts'

/** When a heartbeat goes down unless it is pinged, by the words of the design: the earlier of what is expected and of a run's start, plus grace. */
export function deadlineBy(beat: Beat): number | undefined {
  const expected =
    beat.s === 'up' && beat.p !== undefined ? nextRun(scheduleBehind(beat.P?.toString(), beat.C ?? beat.O), beat.p) : Infinity
  const started = beat.s === 'down' ? Infinity : (beat.t ?? Infinity)
  const due = Math.min(expected, started)
  return due === Infinity ? undefined : due + beat.G * 1000
}
