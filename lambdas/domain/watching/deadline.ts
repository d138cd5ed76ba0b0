import type { MissCause } from './down-cause.ts'
import { awaitedRunOf, type NextRun, nextRun } from './awaited-run.ts'
import type { Heartbeat, HeartbeatState } from './heartbeat.ts'
import { unimpaired } from './impairment.ts'
import type { Leeway } from './leeway.ts'
import { runLimitAtOf, runLimitSecondsOf } from './run-limit.ts'

/** What happens to a check at its deadline. */
export type Miss = { readonly at: number; readonly cause: MissCause }

/** When a run counts as failed unless a ping arrives first; undefined while none is expected. */
export function deadlineOf(
  heartbeat: HeartbeatState,
  leeway: Leeway = unimpaired,
): number | undefined {
  return missOf(heartbeat, leeway)?.at
}

/**
 * The same, and why the run then counts as failed. A run under way that has a limit of its own is
 * judged by that alone.
 * @param next finds runs; a caller that looks no further than an instant hands in its own
 */
export function missOf(
  heartbeat: HeartbeatState,
  leeway: Leeway = unimpaired,
  next: NextRun = nextRun,
): Miss | undefined {
  const unfinished = unfinishedBy(heartbeat, leeway)
  const missed = missedBy(heartbeat, leeway, next)
  if (missed === undefined || unfinished === undefined) return missed ?? unfinished
  return unfinished.at <= missed.at ? unfinished : missed
}

function missedBy(heartbeat: HeartbeatState, leeway: Leeway, next: NextRun): Miss | undefined {
  const run = awaitedRunOf(heartbeat, leeway, next)
  return run && { at: run.deadline, cause: { kind: 'missed', dueAt: run.dueAt } }
}

function unfinishedBy(heartbeat: HeartbeatState, leeway: Leeway): Miss | undefined {
  const { running, status } = heartbeat
  const at = runLimitAtOf(heartbeat, leeway)
  if (running === undefined || at === undefined || status === 'down') return undefined
  const { startedAt } = running
  return {
    at,
    cause: { kind: 'unfinished', startedAt, limitSeconds: runLimitSecondsOf(heartbeat) },
  }
}

/**
 * When the next ping is due: the expected run or the start of a run under way, whichever is
 * earlier. So a run may take as long as a check may be late, unless it has a limit of its own.
 */
export function dueAtOf(heartbeat: Heartbeat, leeway: Leeway = unimpaired): number | undefined {
  const expectedAt = awaitedRunOf(heartbeat, leeway)?.dueAt
  const startedAt = heartbeat.status === 'down' ? undefined : heartbeat.running?.startedAt
  if (expectedAt === undefined || startedAt === undefined) return expectedAt ?? startedAt
  return Math.min(expectedAt, startedAt)
}
