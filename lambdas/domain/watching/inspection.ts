import { notedAtOf, unacknowledgedFlip } from './flip.ts'
import type { NextRun } from './awaited-run.ts'
import { missOf } from './deadline.ts'
import type { HeartbeatState } from './heartbeat.ts'
import { unimpaired } from './impairment.ts'
import { isCanary } from './own-heartbeats.ts'
import { nextResendAt } from '../telling/resend.ts'
import { makeNextRunOf } from '../schedule/shared-runs.ts'

/** How long pings from before a deadline may still be on their way (docs/decisions/0016). */
export const ARRIVAL_MS = 1000

/**
 * What a sweep has to see to. The deadline, past or near, ignores outages of the intake; they only
 * make it later. A flip is named by the instant since which it waits to be acknowledged, once it is
 * old enough to be sent again; an outage that `alert` wants to look at, by when that is due.
 */
export type Finding = {
  readonly deadline?: number
  readonly unacknowledgedSince?: number
  readonly lookDueAt?: number
}

/**
 * Makes what one sweep inspects each heartbeat by: it finds flips to send again and looks that are
 * due by `now`, and deadlines up to `horizon`. A healthy heartbeat must cost next to nothing, since
 * there may be a million. No run beyond the horizon is computed, so that no schedule costs much.
 */
export function makeInspection(
  now: number,
  horizon: number,
): (heartbeat: HeartbeatState) => Finding {
  const nextRunInReach = makeNextRunInReach(horizon)
  return (heartbeat) => {
    if (isCanary(heartbeat.id)) return nothing
    const deadline = missOf(heartbeat, unimpaired, nextRunInReach)?.at
    const unacknowledgedSince = unacknowledgedSinceOf(heartbeat, now)
    const { status, lookAt } = heartbeat
    return {
      ...(deadline !== undefined && deadline <= horizon ? { deadline } : {}),
      ...(unacknowledgedSince === undefined ? {} : { unacknowledgedSince }),
      ...(status === 'down' && lookAt !== undefined && lookAt <= now ? { lookDueAt: lookAt } : {}),
    }
  }
}

const nothing: Finding = {}

function unacknowledgedSinceOf(heartbeat: HeartbeatState, now: number): number | undefined {
  const notedAt = unacknowledgedFlip(heartbeat) && notedAtOf(heartbeat)
  return notedAt !== undefined && (nextResendAt(notedAt, -Infinity) ?? Infinity) <= now
    ? notedAt
    : undefined
}

/** No run is looked for whose deadline would lie beyond the horizon. */
function makeNextRunInReach(horizon: number): NextRun {
  const nextRunOf = makeNextRunOf(horizon)
  return ({ schedule, timeZone, graceSeconds }, after) => {
    const reach = horizon - graceSeconds * 1000
    if (after >= reach) return undefined
    const run =
      schedule.kind === 'simple'
        ? after + schedule.periodSeconds * 1000
        : nextRunOf(schedule, timeZone, after)
    return run <= reach ? run : undefined
  }
}
