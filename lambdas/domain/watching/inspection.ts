import { notedAtOf, unacknowledgedFlip } from './flip.ts'
import { missWhenExpected } from './deadline.ts'
import type { HeartbeatState } from './heartbeat.ts'
import { isCanary } from './own-heartbeats.ts'
import { nextResendAt } from '../telling/resend.ts'
import { makeNextRunOf } from '../schedule/shared-runs.ts'

/** How long pings from before a deadline may still be on their way (docs/decisions/0016). */
export const ARRIVAL_MS = 1000

/**
 * What a sweep has to see to. The deadline, past or near, ignores outages of the intake; they only
 * make it later. A flip is named by the instant since which it waits to be acknowledged, once it is
 * old enough to be sent again.
 */
export type Finding = { readonly deadline?: number; readonly unacknowledgedSince?: number }

/**
 * Makes what one sweep inspects each heartbeat by: it finds flips to send again by `now`, and
 * deadlines up to `horizon`. A healthy heartbeat must cost next to nothing, since there may be a
 * million. No run beyond the horizon is computed, so that no schedule costs much.
 */
export function makeInspection(
  now: number,
  horizon: number,
): (heartbeat: HeartbeatState) => Finding {
  const expectedInReach = makeExpectedInReach(horizon)
  return (heartbeat) => {
    if (isCanary(heartbeat.id)) return nothing
    const deadline = missWhenExpected(heartbeat, expectedInReach(heartbeat))?.at
    const unacknowledgedSince = unacknowledgedSinceOf(heartbeat, now)
    return {
      ...(deadline !== undefined && deadline <= horizon ? { deadline } : {}),
      ...(unacknowledgedSince === undefined ? {} : { unacknowledgedSince }),
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

/**
 * When a ping is expected, for a check that can be overdue by the horizon; undefined for all
 * others.
 */
function makeExpectedInReach(horizon: number): (heartbeat: HeartbeatState) => number | undefined {
  const nextRunOf = makeNextRunOf(horizon)
  return ({ status, schedule, timeZone, graceSeconds, lastPingAt }) => {
    const reach = horizon - graceSeconds * 1000
    if (status !== 'up' || lastPingAt === undefined || lastPingAt >= reach) return undefined
    const run =
      schedule.kind === 'simple'
        ? lastPingAt + schedule.periodSeconds * 1000
        : nextRunOf(schedule, timeZone, lastPingAt)
    return run <= reach ? run : undefined
  }
}
