import { nextRunBy } from '../schedule/schedule.ts'
import type { HeartbeatState } from './heartbeat.ts'
import { putOff, unimpaired } from './impairment.ts'
import type { Leeway } from './leeway.ts'
import { isJudgedByLimit } from './run-limit.ts'
import { isMiss } from './run-result.ts'

/** A run that is expected at `dueAt`, and counts as missed at its deadline. */
export type AwaitedRun = { readonly dueAt: number; readonly deadline: number }

/** Finds the next run of a heartbeat's schedule after an instant; undefined for none in reach. */
export type NextRun = (heartbeat: HeartbeatState, after: number) => number | undefined

/** A check whose runs are excused this often in a row is not awaited at all. */
const MOST_EXCUSED = 50

/**
 * The run that a check is judged by next. A deadline that lies in planned time is put off: the
 * check is judged by the first run after that time or, with a period, a period after it.
 */
export function awaitedRunOf(
  heartbeat: HeartbeatState,
  leeway: Leeway = unimpaired,
  next: NextRun = nextRun,
): AwaitedRun | undefined {
  if (heartbeat.status !== 'up' || isJudgedByLimit(heartbeat)) return undefined
  const { lastPingAt, awaitedAfter, graceSeconds } = heartbeat
  let awaitedSince = lastPingAt ?? awaitedAfter ?? 0
  let dueAt = firstRunOf(heartbeat, next)
  for (let excused = 0; excused < MOST_EXCUSED && dueAt !== undefined; excused += 1) {
    const deadline = putOff(dueAt + graceSeconds * 1000, awaitedSince, leeway)
    const plannedUntil = leeway.planned?.(deadline, deadline)?.endedAt
    if (plannedUntil === undefined) return { dueAt, deadline }
    awaitedSince = plannedUntil
    dueAt = runAfterPlanned(heartbeat, plannedUntil, next)
  }
  return undefined
}

/** Any next run. */
export function nextRun(heartbeat: HeartbeatState, after: number): number | undefined {
  return nextRunUntil(Infinity)(heartbeat, after)
}

/** Runs up to `until`: a later one counts as none, and is not looked for. */
export function nextRunUntil(until: number): NextRun {
  return ({ schedule, timeZone }, after) => nextRunBy(until, { schedule, timeZone, after })
}

/** The run after the last ping or, where a run was missed since, after that. */
function firstRunOf(heartbeat: HeartbeatState, next: NextRun): number | undefined {
  const { awaitedAfter, lastPingAt } = heartbeat
  if (awaitedAfter !== undefined) return next(heartbeat, awaitedAfter)
  if (lastPingAt === undefined) return undefined
  const run = next(heartbeat, lastPingAt)
  return run !== undefined && run - lastPingAt <= earlyMsOf(heartbeat) ? next(heartbeat, run) : run
}

/** How long before a run the last ping may have been its ping. A failure is never early. */
function earlyMsOf({ rules, results }: HeartbeatState): number {
  const earlySeconds = rules?.earlySeconds
  if (earlySeconds === undefined) return 0
  const last = results?.findLast((result) => !isMiss(result))
  return last === undefined || last === 'success' ? earlySeconds * 1000 : 0
}

/** A run that begins just when the planned time ends is after it. */
function runAfterPlanned(
  heartbeat: HeartbeatState,
  plannedUntil: number,
  next: NextRun,
): number | undefined {
  return next(heartbeat, heartbeat.schedule.kind === 'simple' ? plannedUntil : plannedUntil - 1)
}
