import { notedAtOf, unacknowledgedFlip } from './flip.ts'
import { deadlineWhenExpected, type HeartbeatState } from './heartbeat.ts'
import { isCanary } from './own-heartbeats.ts'
import { nextResendAt } from '../telling/resend.ts'
import { makeNextRunOf } from '../schedule/shared-runs.ts'

/**
 * Pings from before a deadline may still be on their way so long after it (docs/decisions/0016).
 */
export const ARRIVAL_MS = 1000

/**
 * What a look at a heartbeat finds: a deadline that is past or near, and since when a flip waits to
 * be told that was sent again by now, or is to be. The deadline is without impairments, which only
 * put it off.
 */
export type Finding = { readonly deadline?: number; readonly untoldSince?: number }

/**
 * Makes the look of one sweep: what there is to do about a heartbeat by `now`, or with its deadline
 * up to `horizon`. A sweep looks at a million heartbeats, so a healthy one must cost next to
 * nothing. Nothing is looked for beyond the horizon, so that no schedule costs much.
 */
export function makeLook(now: number, horizon: number): (heartbeat: HeartbeatState) => Finding {
  const expectedInReach = makeExpectedInReach(horizon)
  return (heartbeat) => {
    if (isCanary(heartbeat.id)) return nothing
    const deadline = deadlineWhenExpected(heartbeat, expectedInReach(heartbeat))
    const untoldSince = untoldSinceOf(heartbeat, now)
    return {
      ...(deadline !== undefined && deadline <= horizon ? { deadline } : {}),
      ...(untoldSince === undefined ? {} : { untoldSince }),
    }
  }
}

const nothing: Finding = {}

function untoldSinceOf(heartbeat: HeartbeatState, now: number): number | undefined {
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
