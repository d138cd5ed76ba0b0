import { afterMiss } from './after-miss.ts'
import { awaitedRunOf, nextRunUntil } from './awaited-run.ts'
import { missOf } from './deadline.ts'
import type { Heartbeat, Status } from './heartbeat.ts'
import { unimpaired } from './impairment.ts'
import type { Leeway } from './leeway.ts'

/** So many misses bring any check down. */
const MOST_MISSES = 20

/**
 * The status people see: `grace` is late, but not yet missed. The order of the rules is that of
 * Healthchecks.
 */
export function statusAt(
  heartbeat: Heartbeat,
  now: number,
  leeway: Leeway = unimpaired,
): Status | 'grace' {
  const judged = judgedAt(heartbeat, now, leeway)
  return awaitedRunOf(judged, leeway, nextRunUntil(now)) === undefined ? judged.status : 'grace'
}

/** The heartbeat after all misses that are due by `now`, whether a sweep has noted them or not. */
export function judgedAt(
  heartbeat: Heartbeat,
  now: number,
  leeway: Leeway = unimpaired,
): Heartbeat {
  const next = nextRunUntil(now)
  let judged = heartbeat
  for (let misses = 0; misses < MOST_MISSES; misses += 1) {
    const miss = missOf(judged, leeway, next)
    if (miss === undefined || miss.at > now) break
    judged = afterMiss(judged, miss, now)
  }
  return judged
}
