const MINUTE_MS = 60_000
const FIRST_AGE_MS = 2 * MINUTE_MS
const LAST_AGE_MS = 24 * 60 * 60_000

/**
 * When a flip that stays unacknowledged is next sent again after `after`; undefined when it is
 * given up by then. It is sent at the ages of 2, 4, 8 … minutes, for a day. The growing gaps spare
 * a receiver that is slow or out of order for long.
 */
export function nextResendAt(notedAt: number, after: number): number | undefined {
  for (let ageMs = FIRST_AGE_MS; ageMs <= LAST_AGE_MS; ageMs *= 2)
    if (notedAt + ageMs > after) return notedAt + ageMs
  return undefined
}

/**
 * When an outage that `alert` is to look at since `dueAt` is next handed to it after `after`: as
 * flips are, and before that at once. A minute later it is handed over again, because what asked
 * for the look may not have been seen by who handed over all that was due.
 */
export function nextLookAt(dueAt: number, after: number): number | undefined {
  const soon = [dueAt, dueAt + MINUTE_MS].find((at) => at > after)
  return soon ?? nextResendAt(dueAt, after)
}

/**
 * Whether a flip is too old to be sent again. The operator then has to find out why `alert`
 * doesn't acknowledge it.
 */
export function isGivenUp(notedAt: number, now: number): boolean {
  return now - notedAt > LAST_AGE_MS
}
