import type { Definition } from './definition.ts'
import { type DownCause, failureBy, type MissCause } from './down-cause.ts'
import { type Impairment, putOff, unimpaired } from './impairment.ts'
import { isMail, type Ping, type PingDetails, type PingType } from './ping.ts'
import type { Ends, RunResult } from './run-result.ts'
import { nextRunBy } from '../schedule/schedule.ts'

export const statuses = ['new', 'up', 'down', 'paused'] as const
export type Status = (typeof statuses)[number]

/** The live item of one check: its definition, and the state that pings leave. */
export type Heartbeat = Definition & {
  readonly id: string
  readonly status: Status
  /** Absent on a check whose status never changed. */
  readonly since?: Since
  readonly pingCount: number
  /** The last success or fail. */
  readonly lastPingAt?: number
  readonly running?: Running
  /**
   * How long the last run took; absent unless the last ping ended a run that had reported its
   * start.
   */
  readonly durationMs?: number
  readonly lastPing?: PingDetails
  readonly lastRequestId?: string
  /** The last change of status whose deliveries `alert` has queued, or that needs none. */
  readonly acknowledged?: StatusChange
  /**
   * When a status was last written that had begun earlier, as at a deadline. The wait for its alert
   * counts from here.
   */
  readonly notedAt?: number
  /**
   * When the heartbeat was made anew for a check that must have had one. The state that earlier
   * pings left is lost (`isWithoutState`).
   */
  readonly lostAt?: number
  /**
   * When the last missed run was expected, or a run that did not end in time was noted. The next
   * run is expected as after a ping of then.
   */
  readonly awaitedAfter?: number
  /** How the last runs ended, oldest first, of a check that tolerates failures. */
  readonly results?: readonly RunResult[]
  /** The ends of runs in the present window of `mostPings`. */
  readonly ends?: Ends
  /** The successes in a row of a check that is down and needs several. */
  readonly successCount?: number
  /** Until when its alerts wait, because somebody said so. */
  readonly snoozedUntil?: number
  /** When `alert` wants to look at the outage again: something is to be told later, or is held. */
  readonly lookAt?: number
  /** Which windows of its project concern it. */
  readonly windows?: CheckWindows
}

/**
 * The windows that concern a check, by their numbers in its project, as they were at a revision of
 * the project's windows. A younger window that has got a number since is another one.
 */
export type CheckWindows = {
  readonly projectId: string
  readonly revision: number
  readonly numbers: readonly number[]
}

/**
 * The part of a heartbeat that a sweep reads. It is enough to see that nothing needs doing, which
 * is so for nearly all heartbeats.
 */
export type HeartbeatState = Pick<
  Heartbeat,
  | 'id'
  | 'schedule'
  | 'timeZone'
  | 'graceSeconds'
  | 'status'
  | 'since'
  | 'pingCount'
  | 'lastPingAt'
  | 'running'
  | 'acknowledged'
  | 'notedAt'
  | 'lostAt'
  | 'rules'
  | 'awaitedAfter'
  | 'results'
  | 'snoozedUntil'
  | 'lookAt'
  | 'windows'
>

/**
 * When the status became what it is, how many pings the check had by then, and, of a check that is
 * down, why.
 */
export type Since = {
  readonly at: number
  readonly count: number
  readonly cause?: DownCause
}
export type StatusChange = Omit<Since, 'cause'> & { readonly status: Status }
/** What happens to a check at its deadline. */
export type Miss = { readonly at: number; readonly cause: MissCause }
export type Running = { readonly startedAt: number; readonly runId?: string }

/** The heartbeat of a check that was never pinged. */
export function newHeartbeat(id: string, definition: Definition): Heartbeat {
  return { ...definition, id, status: 'new', pingCount: 0 }
}

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

function missedAtOf(
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
function expectedAtOf(
  { status, schedule, timeZone, lastPingAt }: HeartbeatState,
  until = Infinity,
): number | undefined {
  if (status !== 'up' || lastPingAt === undefined) return undefined
  return nextRunBy(until, { schedule, timeZone, after: lastPingAt })
}

/**
 * The status people see: `grace` is late, but not yet down. The order of the rules is that of
 * Healthchecks.
 */
export function statusAt(
  heartbeat: Heartbeat,
  now: number,
  impairment: Impairment = unimpaired,
): Status | 'grace' {
  if (now >= (unfinishedAtOf(heartbeat, impairment) ?? Infinity)) return 'down'
  const expectedAt = expectedAtOf(heartbeat, now)
  if (expectedAt === undefined) return heartbeat.status
  return now >= (missedAtOf(heartbeat, expectedAt, impairment) ?? Infinity) ? 'down' : 'grace'
}

/**
 * The heartbeat after a ping; the same object when it holds this very ping already, as for a retry
 * after a lost answer. A ping that a rule ignores, or that is older than what is stored, is only
 * counted and logged. One exception: a late end of the run under way still ends that run.
 * @param bodyType what the body says by the check's rules, if it has any
 */
export function afterPing(heartbeat: Heartbeat, ping: Ping, bodyType?: PingType): Heartbeat {
  if (heartbeat.lastRequestId === ping.requestId) return heartbeat
  const type = typeOf(heartbeat, ping, bodyType)
  const after = counted(heartbeat, ping, type)
  if (isLate(heartbeat, ping)) return endsLate(heartbeat, ping, type) ? withoutRun(after) : after
  switch (type) {
    case 'log':
    case 'ign':
      return after
    case 'start':
      return {
        ...after,
        running: { startedAt: ping.at, ...(ping.runId === undefined ? {} : { runId: ping.runId }) },
      }
    case 'success':
    case 'fail':
      return finished(after, { ...ping, signal: type })
  }
}

/**
 * The heartbeat after a ping that waited to be recorded. What people did to the check meanwhile
 * counts more: a ping from before a pause or a resume is only counted and logged.
 */
export function afterReplayedPing(
  heartbeat: Heartbeat,
  ping: Ping,
  { now, bodyType }: Replay,
): Heartbeat {
  const { status, since, lastRequestId } = heartbeat
  const isOutdated =
    (status === 'paused' || status === 'new') && since !== undefined && ping.at < since.at
  if (isOutdated && lastRequestId !== ping.requestId)
    return counted(heartbeat, ping, typeOf(heartbeat, ping, bodyType))
  return noted(heartbeat, afterPing(heartbeat, ping, bodyType), now)
}

/** When a ping that waited is recorded, and what its body says by the check's rules, if any. */
export type Replay = { readonly now: number; readonly bodyType?: PingType | undefined }

/** What a ping means by all rules of the check, in the order of Healthchecks. */
function typeOf(heartbeat: Heartbeat, ping: Ping, bodyType: PingType | undefined): PingType {
  const isHttp = !isMail(ping)
  if (isHttp && heartbeat.methods !== '' && heartbeat.methods !== ping.method) return 'ign'
  if (heartbeat.manualResume && heartbeat.status === 'paused') return 'ign'
  return isHttp && heartbeat.hasBodyRules ? (bodyType ?? ping.signal) : ping.signal
}

/** Whether a ping is older than what is stored. */
export function isLate(heartbeat: Heartbeat, ping: Ping): boolean {
  return (
    ping.at < (heartbeat.lastPingAt ?? ping.at) ||
    ping.at < (heartbeat.running?.startedAt ?? ping.at)
  )
}

/**
 * Whether a late ping ends its run. Without its end the run would count as one that takes too long.
 */
function endsLate({ running }: Heartbeat, ping: Ping, type: PingType): boolean {
  const isEnd = type === 'success' || type === 'fail'
  return (
    isEnd &&
    running !== undefined &&
    ping.at >= running.startedAt &&
    !goesOn(running, { ...ping, signal: type })
  )
}

/** Whether a run goes on after another run's end. Only a success says which run it ends. */
function goesOn(running: Running, { signal, runId }: Ping): boolean {
  return signal === 'success' && runId !== undefined && runId !== running.runId
}

function withoutRun({ running: _, ...rest }: Heartbeat): Heartbeat {
  return rest
}

function counted(heartbeat: Heartbeat, ping: Ping, type: PingType): Heartbeat {
  const { signal: _, requestId, ...details } = ping
  return {
    ...heartbeat,
    pingCount: heartbeat.pingCount + 1,
    lastPing: { ...details, type },
    lastRequestId: requestId,
  }
}

function finished(heartbeat: Heartbeat, ping: Ping): Heartbeat {
  const { running, durationMs: _, ...rest } = heartbeat
  const isOwnRun = running !== undefined && running.runId === ping.runId
  const since = { at: ping.at, count: heartbeat.pingCount - 1 }
  const changed =
    ping.signal === 'fail'
      ? withStatus(rest, 'down', { ...since, cause: failureBy(ping) })
      : withStatus(rest, 'up', since)
  return {
    ...changed,
    lastPingAt: ping.at,
    ...(isOwnRun ? { durationMs: ping.at - running.startedAt } : {}),
    ...(running !== undefined && goesOn(running, ping) ? { running } : {}),
  }
}

/**
 * The heartbeat down since the deadline that it missed. A run under way goes on, so that its end
 * still shows how long it took.
 */
export function afterMissedDeadline(heartbeat: Heartbeat, miss: Miss, now: number): Heartbeat {
  const since = { ...miss, count: heartbeat.pingCount }
  return noted(heartbeat, withStatus(heartbeat, 'down', since), now)
}

/**
 * The paused heartbeat; the same object when it is paused already. Nobody is alerted any more of
 * what led to the pause.
 */
export function pause(heartbeat: Heartbeat, at: number): Heartbeat {
  if (heartbeat.status === 'paused') return heartbeat
  const { running: _, acknowledged, ...rest } = heartbeat
  const settled =
    acknowledged === undefined ? rest : { ...rest, acknowledged: settledByPause(acknowledged) }
  return withStatus(settled, 'paused', { at, count: heartbeat.pingCount })
}

/**
 * The heartbeat of a paused check as if it were new, but for its count and last duration; undefined
 * when it is not paused.
 */
export function resume(heartbeat: Heartbeat, at: number): Heartbeat | undefined {
  const { running: _, lastPingAt: __, ...rest } = heartbeat
  return heartbeat.status === 'paused'
    ? withStatus(rest, 'new', { at, count: heartbeat.pingCount })
    : undefined
}

/**
 * The last acknowledged change after a pause. An outage that ended with the pause needs no alert of
 * a recovery, and counts as acknowledged even if its message comes again.
 */
export function settledByPause(acknowledged: StatusChange): StatusChange {
  return acknowledged.status === 'down' ? { ...acknowledged, status: 'paused' } : acknowledged
}

function noted(before: Heartbeat, after: Heartbeat, now: number): Heartbeat {
  return after.status === before.status ? after : { ...after, notedAt: now }
}

function withStatus(heartbeat: Heartbeat, status: Status, since: Since): Heartbeat {
  return heartbeat.status === status ? heartbeat : { ...heartbeat, status, since }
}
