import { withStatus } from './changed-status.ts'
import type { FailedRun, RunCause } from './down-cause.ts'
import type { Heartbeat, Since } from './heartbeat.ts'
import { isFailedRun, type RunResult } from './run-result.ts'

/** When a run failed and why, and how many pings the check had by then. */
export type RunFailure = Omit<Since, 'cause'> & { readonly cause: RunCause }

/**
 * The heartbeat after a failure. While the check tolerates it, the check stays up, or comes up;
 * else it goes down, or stays so.
 */
export function afterFailure(heartbeat: Heartbeat, failure: RunFailure): Heartbeat {
  const { successCount: _, ...rest } = heartbeat
  const { at, count, cause } = failure
  const tolerance = rest.rules?.failures
  if (tolerance === undefined) return withStatus(rest, 'down', failure)
  const results = withResult(rest, failedRunOf(failure))
  const among = results.filter(isFailedRun)
  if (rest.status !== 'down' && among.length < tolerance.count)
    return withStatus({ ...rest, results }, 'up', { at, count })
  const { awaitedAfter: __, ...down } = { ...rest, results: results.map(markOf) }
  const downCause = tolerance.count === 1 ? cause : { ...cause, among }
  return withStatus(down, 'down', { at, count, cause: downCause })
}

/**
 * The heartbeat after a success. A check that is down may need several in a row to come up; then
 * its failures are forgotten, but not how often its job has run.
 */
export function afterSuccess(heartbeat: Heartbeat, since: Omit<Since, 'cause'>): Heartbeat {
  const { rules, status, successCount = 0 } = heartbeat
  if (status === 'down' && successCount + 1 >= (rules?.successes ?? 1)) {
    const { results: _, successCount: __, ...recovered } = heartbeat
    return withStatus(recovered, 'up', since)
  }
  const recorded =
    rules?.failures === undefined
      ? heartbeat
      : { ...heartbeat, results: withResult(heartbeat, 'success') }
  return status === 'down'
    ? { ...recorded, successCount: successCount + 1 }
    : withStatus(recorded, 'up', since)
}

/** The heartbeat without what its rules count. */
export function withoutRunState(heartbeat: Heartbeat): Heartbeat {
  const { results: _, ends: __, successCount: ___, awaitedAfter: ____, ...rest } = heartbeat
  return rest
}

function withResult({ results = [], rules }: Heartbeat, result: RunResult): readonly RunResult[] {
  return [...results, result].slice(-(rules?.failures?.of ?? 1))
}

/** Once a check is down, its cause has the failures; marks take less room. */
function markOf(result: RunResult): RunResult {
  return result === 'success' ? 'success' : 'failure'
}

function failedRunOf({ at, cause }: RunFailure): FailedRun {
  const exitStatus = cause.kind === 'failed' ? cause.exitStatus : undefined
  return { at, kind: cause.kind, ...(exitStatus === undefined ? {} : { exitStatus }) }
}
