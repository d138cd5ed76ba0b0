import { notedAtOf, unacknowledgedFlip } from './flip.ts'
import { deadlineOf, type Glance } from './heartbeat.ts'
import { isCanary } from './own-heartbeats.ts'
import { nextResendAt } from './resend.ts'
import { previousRunAt } from './schedule.ts'

/** Pings from before a deadline may still be on their way so long after it (docs/decisions/0016). */
export const ARRIVAL_MS = 1000

/**
 * What a look at a heartbeat finds: a deadline that is past or near, and since when a flip waits to be told that has been sent again by now,
 * or is to be. The deadline is that of a time in which all pings could be taken: an impairment only puts it off.
 */
export type Finding = { readonly deadline?: number; readonly untoldSince?: number }

/**
 * Makes the look of one sweep: what there is to do about a heartbeat by `now`, or with its deadline up to `horizon`.
 * A sweep looks at a million of them, so one that is healthy must cost next to nothing: all heartbeats of one cron or OnCalendar schedule,
 * zone and grace share one evaluation.
 */
export function makeLook(now: number, horizon: number): (heartbeat: Glance) => Finding {
  const lastRunInReach = makeLastRunInReach(horizon)
  return (heartbeat) => {
    if (isCanary(heartbeat.id)) return nothing
    const deadline = isInReach(heartbeat, lastRunInReach) ? deadlineOf(heartbeat) : undefined
    const untoldSince = untoldSinceOf(heartbeat, now)
    return {
      ...(deadline !== undefined && deadline <= horizon ? { deadline } : {}),
      ...(untoldSince === undefined ? {} : { untoldSince }),
    }
  }
}

const nothing: Finding = {}

function untoldSinceOf(heartbeat: Glance, now: number): number | undefined {
  const notedAt = unacknowledgedFlip(heartbeat) && notedAtOf(heartbeat)
  return notedAt !== undefined && (nextResendAt(notedAt, -Infinity) ?? Infinity) <= now ? notedAt : undefined
}

function isInReach(heartbeat: Glance, lastRunInReach: (heartbeat: Glance) => number): boolean {
  if (heartbeat.running !== undefined) return true
  return heartbeat.status === 'up' && heartbeat.lastPingAt !== undefined && heartbeat.lastPingAt < lastRunInReach(heartbeat)
}

/** A check is overdue at an instant exactly when its last ping lies before the latest run that is a grace time or more before the instant. */
function makeLastRunInReach(instant: number): (heartbeat: Glance) => number {
  const shared = new Map<string, number>()
  return ({ schedule, timeZone, graceSeconds }) => {
    const reach = instant - graceSeconds * 1000
    if (schedule.kind === 'simple') return reach - schedule.periodSeconds * 1000 + 1
    const key = `${schedule.expression}\0${timeZone}\0${graceSeconds}`
    const known = shared.get(key)
    if (known !== undefined) return known
    const run = previousRunAt(schedule, timeZone, reach) ?? -Infinity
    shared.set(key, run)
    return run
  }
}
