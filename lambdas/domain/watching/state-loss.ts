import type { Check } from './check.ts'
import type { Heartbeat, HeartbeatState } from './heartbeat.ts'

/**
 * A new check has its heartbeat within seconds of its creation; one that is older and has none must
 * have lost it.
 */
const NEW_MS = 10 * 60_000

/**
 * When the state of a check counts as lost, should it have no heartbeat now; undefined while the
 * check is too new to have lost any.
 */
export function stateLossOf(
  { createdAt }: Pick<Check, 'createdAt'>,
  now: number,
): number | undefined {
  return createdAt + NEW_MS <= now ? now : undefined
}

/**
 * Whether a check has lost the state that pings left, and nothing came since that could make it
 * overdue. Nobody is told when such a check misses its ping. The first success, fail or start ends
 * this, and so does a pause. `lostAt` stays, but means nothing from then on.
 */
export function isWithoutState({ lostAt, since, running }: HeartbeatState): boolean {
  return lostAt !== undefined && since === undefined && running === undefined
}

/** When a check has lost the state that it is still without; undefined for one that has its own. */
export function lossOf(
  check: Pick<Check, 'createdAt'>,
  stored: Heartbeat | undefined,
  now: number,
): number | undefined {
  if (stored === undefined) return stateLossOf(check, now)
  return isWithoutState(stored) ? stored.lostAt : undefined
}
