import { nextRunBy } from '../schedule/schedule.ts'
import type { Heartbeat } from './heartbeat.ts'
import { type Impairment, putOff, unimpaired } from './impairment.ts'

/**
 * Whether a check was never pinged by the end of its first period and grace time. Nothing shows
 * that its job pings at all, so it is not overdue and alerts nobody; whoever looks at it has to be
 * told. A check that lost its state does not count, because it may have been pinged.
 */
export function isNeverPinged(
  heartbeat: Heartbeat,
  createdAt: number,
  now: number,
  impairment: Impairment = unimpaired,
): boolean {
  const { status, pingCount, lostAt, since, schedule, timeZone, graceSeconds } = heartbeat
  if (status !== 'new' || pingCount > 0 || lostAt !== undefined) return false
  const awaitedSince = since?.at ?? createdAt
  const expectedAt = nextRunBy(now, { schedule, timeZone, after: awaitedSince })
  return (
    expectedAt !== undefined &&
    now >= putOff(expectedAt + graceSeconds * 1000, awaitedSince, impairment)
  )
}
