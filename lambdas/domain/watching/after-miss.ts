import { noted } from './changed-status.ts'
import type { Miss } from './deadline.ts'
import type { Heartbeat } from './heartbeat.ts'
import { afterFailure } from './run-outcome.ts'

/**
 * The heartbeat after a run that was missed, or did not end in time: down since the deadline, or up
 * while the check tolerates it. What it tolerates moves what is expected next, and forgets the run
 * under way, so that no run counts twice. Else that run goes on, so that its end still shows how
 * long it took.
 */
export function afterMiss(heartbeat: Heartbeat, miss: Miss, now: number): Heartbeat {
  if (heartbeat.status === 'down') return heartbeat
  const failed = afterFailure(heartbeat, { ...miss, count: heartbeat.pingCount })
  if (heartbeat.rules?.failures === undefined) return noted(heartbeat, failed, now)
  const settled = withoutRunUpTo(failed, miss.at)
  return noted(heartbeat, settled.status === 'up' ? awaited(settled, miss) : settled, now)
}

/** What comes next is expected as if a missed run had been on time, or as after a fail. */
function awaited(heartbeat: Heartbeat, { at, cause }: Miss): Heartbeat {
  return { ...heartbeat, awaitedAfter: cause.kind === 'missed' ? cause.dueAt : at }
}

function withoutRunUpTo(heartbeat: Heartbeat, at: number): Heartbeat {
  const { running, ...rest } = heartbeat
  return running !== undefined && running.startedAt <= at ? rest : heartbeat
}
