import type { HeartbeatState } from './heartbeat.ts'
import { putOff } from './impairment.ts'
import type { Leeway } from './leeway.ts'
import type { PlannedTime } from './planned-time.ts'

/** More windows than that within one run are not looked at. */
const MOST_STRETCHES = 1000

/** When a run that is under way takes too long. */
export function runLimitAtOf(heartbeat: HeartbeatState, leeway: Leeway): number | undefined {
  const startedAt = heartbeat.running?.startedAt
  if (startedAt === undefined) return undefined
  const { planned } = leeway
  const limitAt = extended(startedAt + runLimitSecondsOf(heartbeat) * 1000, startedAt, planned)
  // What is put off because of us may reach into further planned time.
  return extended(putOff(limitAt, startedAt, leeway), limitAt, planned)
}

/** How long a run may take that reported its start. */
export function runLimitSecondsOf({ rules, graceSeconds }: HeartbeatState): number {
  return rules?.maxRuntimeSeconds ?? graceSeconds
}

/** Whether a run is under way that is judged by its own limit, and the check by nothing else. */
export function isJudgedByLimit({ rules, running, status }: HeartbeatState): boolean {
  return rules?.maxRuntimeSeconds !== undefined && running !== undefined && status !== 'down'
}

/** A run may take longer by as long as planned time lies inside it. */
function extended(limitAt: number, startedAt: number, planned: PlannedTime | undefined): number {
  let [at, seenUntil] = [limitAt, startedAt]
  for (let stretches = 0; stretches < MOST_STRETCHES; stretches += 1) {
    const stretch = planned?.(seenUntil, at)
    if (stretch === undefined || stretch.startedAt >= at) break
    at += stretch.endedAt - Math.max(stretch.startedAt, seenUntil)
    seenUntil = stretch.endedAt
  }
  return at
}
