import type { Definition } from './definition.ts'
import type { DownCause } from './down-cause.ts'
import type { PingDetails } from './ping.ts'
import type { Ends, RunResult } from './run-result.ts'

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
   * start, or said how long it took.
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
export type Running = { readonly startedAt: number; readonly runId?: string }

/** The heartbeat of a check that was never pinged. */
export function newHeartbeat(id: string, definition: Definition): Heartbeat {
  return { ...definition, id, status: 'new', pingCount: 0 }
}
