import { noted, withStatus } from './changed-status.ts'
import type { Miss } from './deadline.ts'
import type { Heartbeat } from './heartbeat.ts'

/**
 * The heartbeat down since the deadline that it missed. A run under way goes on, so that its end
 * still shows how long it took.
 */
export function afterMissedDeadline(heartbeat: Heartbeat, miss: Miss, now: number): Heartbeat {
  const since = { ...miss, count: heartbeat.pingCount }
  return noted(heartbeat, withStatus(heartbeat, 'down', since), now)
}
