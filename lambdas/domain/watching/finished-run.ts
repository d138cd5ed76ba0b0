import { type FailCause, failureBy } from './down-cause.ts'
import type { Heartbeat, Running } from './heartbeat.ts'
import type { Ping } from './ping.ts'
import { afterFailure, afterSuccess } from './run-outcome.ts'
import { type Ends, isFailedRun, isMiss, type RunResult } from './run-result.ts'
import type { MostPings } from './rules.ts'

/** The heartbeat after a success or fail, which ends the run under way unless it is another's. */
export function finished(heartbeat: Heartbeat, ping: Ping): Heartbeat {
  const { running, durationMs: _, awaitedAfter: __, ...rest } = heartbeat
  const isOwnRun = running !== undefined && running.runId === ping.runId
  const tookMs = isOwnRun ? ping.at - running.startedAt : ping.tookMs
  const ended = withEnd(withoutMissesFrom(rest, ping.at), ping.at)
  const cause = failCauseOf(ended, ping, tookMs)
  const since = { at: ping.at, count: heartbeat.pingCount - 1 }
  const changed =
    cause === undefined ? afterSuccess(ended, since) : afterFailure(ended, { ...since, cause })
  return {
    ...changed,
    lastPingAt: ping.at,
    ...(tookMs === undefined ? {} : { durationMs: tookMs }),
    ...(running !== undefined && goesOn(running, ping) ? { running } : {}),
  }
}

/** Whether a run goes on after another run's end. Only a success says which run it ends. */
export function goesOn(running: Running, { signal, runId }: Ping): boolean {
  return signal === 'success' && runId !== undefined && runId !== running.runId
}

/** Why a run failed that ended; undefined for a success. */
function failCauseOf(
  { rules, ends }: Heartbeat,
  ping: Ping,
  tookMs: number | undefined,
): FailCause | undefined {
  if (ping.signal === 'fail') return failureBy(ping)
  const { minRuntimeSeconds = 0, mostPings } = rules ?? {}
  if (tookMs !== undefined && tookMs < minRuntimeSeconds * 1000)
    return { kind: 'too-short', tookMs, leastSeconds: minRuntimeSeconds }
  if (mostPings !== undefined && ends !== undefined && ends.count > mostPings.count)
    return { kind: 'too-often', count: ends.count, seconds: mostPings.seconds }
  return undefined
}

/** Counts an end where the check may not have too many. */
function withEnd(heartbeat: Heartbeat, at: number): Heartbeat {
  const { rules, ends } = heartbeat
  return rules?.mostPings === undefined
    ? heartbeat
    : { ...heartbeat, ends: countedEnd(ends, at, rules.mostPings) }
}

/** A window begins with an end, and the first end after it begins the next. */
function countedEnd(ends: Ends | undefined, at: number, { seconds }: MostPings): Ends {
  return ends === undefined || at >= ends.from + seconds * 1000
    ? { from: at, count: 1 }
    : { ...ends, count: ends.count + 1 }
}

/** An end that arrives late takes the place of the misses that were noted for want of it. */
function withoutMissesFrom(heartbeat: Heartbeat, at: number): Heartbeat {
  const { results } = heartbeat
  const isReplaced = (result: RunResult) => isFailedRun(result) && isMiss(result) && result.at >= at
  return results === undefined
    ? heartbeat
    : { ...heartbeat, results: results.filter((result) => !isReplaced(result)) }
}
