import { nextRunBy } from '../schedule/schedule.ts'
import type { MissCause } from './down-cause.ts'
import type { Heartbeat, HeartbeatState } from './heartbeat.ts'
import { type Impairment, putOff, unimpaired } from './impairment.ts'

/** What happens to a check at its deadline. */
export type Miss = { readonly at: number; readonly cause: MissCause }

/** When the check goes down unless a ping arrives first; undefined while none is expected. */
export function deadlineOf(
  heartbeat: HeartbeatState,
  impairment: Impairment = unimpaired,
): number | undefined {
  return missOf(heartbeat, impairment)?.at
}

/** The same, and why the check then goes down. */
export function missOf(
  heartbeat: HeartbeatState,
  impairment: Impairment = unimpaired,
): Miss | undefined {
  return missWhenExpected(heartbeat, expectedAtOf(heartbeat), impairment)
}

/** The same for a caller that knows when the ping is expected. */
export function missWhenExpected(
  heartbeat: HeartbeatState,
  expectedAt: number | undefined,
  impairment: Impairment = unimpaired,
): Miss | undefined {
  const missed = missedBy(heartbeat, expectedAt, impairment)
  const unfinished = heartbeat.status === 'down' ? undefined : unfinishedBy(heartbeat, impairment)
  if (missed === undefined || unfinished === undefined) return missed ?? unfinished
  return unfinished.at <= missed.at ? unfinished : missed
}

function missedBy(
  heartbeat: HeartbeatState,
  dueAt: number | undefined,
  impairment: Impairment,
): Miss | undefined {
  const at = missedAtOf(heartbeat, dueAt, impairment)
  return at === undefined || dueAt === undefined
    ? undefined
    : { at, cause: { kind: 'missed', dueAt } }
}

function unfinishedBy(heartbeat: HeartbeatState, impairment: Impairment): Miss | undefined {
  const at = unfinishedAtOf(heartbeat, impairment)
  const startedAt = heartbeat.running?.startedAt
  return at === undefined || startedAt === undefined
    ? undefined
    : { at, cause: { kind: 'unfinished', startedAt, limitSeconds: heartbeat.graceSeconds } }
}

export function missedAtOf(
  { graceSeconds, lastPingAt }: HeartbeatState,
  expectedAt: number | undefined,
  impairment: Impairment,
): number | undefined {
  if (expectedAt === undefined || lastPingAt === undefined) return undefined
  return putOff(expectedAt + graceSeconds * 1000, lastPingAt, impairment)
}

/** When a run that is under way takes too long. */
export function unfinishedAtOf(
  { running, graceSeconds }: HeartbeatState,
  impairment: Impairment,
): number | undefined {
  return running && putOff(running.startedAt + graceSeconds * 1000, running.startedAt, impairment)
}

/**
 * When the next ping is due: the expected run or the start of a run under way, whichever is
 * earlier. So a run may take as long as a check may be late.
 */
export function dueAtOf(heartbeat: Heartbeat): number | undefined {
  const expectedAt = expectedAtOf(heartbeat)
  const startedAt = heartbeat.status === 'down' ? undefined : heartbeat.running?.startedAt
  if (expectedAt === undefined || startedAt === undefined) return expectedAt ?? startedAt
  return Math.min(expectedAt, startedAt)
}

/** @param until a run later than this counts as none, and is not looked for */
export function expectedAtOf(
  { status, schedule, timeZone, lastPingAt }: HeartbeatState,
  until = Infinity,
): number | undefined {
  if (status !== 'up' || lastPingAt === undefined) return undefined
  return nextRunBy(until, { schedule, timeZone, after: lastPingAt })
}

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
