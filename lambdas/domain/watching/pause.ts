import { withStatus } from './changed-status.ts'
import type { Heartbeat, StatusChange } from './heartbeat.ts'
import { withoutRunState } from './run-outcome.ts'

/**
 * The paused heartbeat; the same object when it is paused already. Nobody is alerted any more of
 * what led to the pause.
 */
export function pause(heartbeat: Heartbeat, at: number): Heartbeat {
  if (heartbeat.status === 'paused') return heartbeat
  const { running: _, acknowledged, ...rest } = withoutRunState(heartbeat)
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
