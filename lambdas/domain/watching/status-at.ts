import { expectedAtOf, missedAtOf, unfinishedAtOf } from './deadline.ts'
import type { Heartbeat, Status } from './heartbeat.ts'
import { type Impairment, unimpaired } from './impairment.ts'

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
