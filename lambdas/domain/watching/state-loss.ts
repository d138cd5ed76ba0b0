import type { Check } from './check.ts'
import type { HeartbeatState } from './heartbeat.ts'

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
 * Whether a check has lost what pings had left, and nothing came since that could make it overdue:
 * nobody is told when it misses its ping. The first success, fail or start ends that, and so does
 * who pauses it; the mark stays where it is and says nothing any more.
 */
export function isWithoutState({ lostAt, since, running }: HeartbeatState): boolean {
  return lostAt !== undefined && since === undefined && running === undefined
}
