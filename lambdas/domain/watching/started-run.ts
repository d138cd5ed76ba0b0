import type { Heartbeat, Running } from './heartbeat.ts'
import type { Ping } from './ping.ts'
import { isJudgedByLimit, runLimitSecondsOf } from './run-limit.ts'
import { afterFailure } from './run-outcome.ts'

/**
 * The heartbeat after a start. A run under way that is judged by its own limit keeps it: a job that
 * starts daily and always dies must go down. A run with another ID takes its place all the same;
 * where the limit lets runs overlap, no limit would be reached, so the one before has failed.
 */
export function started(heartbeat: Heartbeat, ping: Ping): Heartbeat {
  const { running: before } = heartbeat
  const running = { startedAt: ping.at, ...(ping.runId === undefined ? {} : { runId: ping.runId }) }
  if (before === undefined || !isJudgedByLimit(heartbeat)) return { ...heartbeat, running }
  if (ping.runId === undefined || ping.runId === before.runId) return heartbeat
  return {
    ...(heartbeat.runsOverlap ? unfinished(heartbeat, before, ping.at) : heartbeat),
    running,
  }
}

function unfinished(heartbeat: Heartbeat, { startedAt }: Running, at: number): Heartbeat {
  const limitSeconds = runLimitSecondsOf(heartbeat)
  return afterFailure(heartbeat, {
    at,
    count: heartbeat.pingCount - 1,
    cause: { kind: 'unfinished', startedAt, limitSeconds },
  })
}
