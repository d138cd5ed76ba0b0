const FIRST_AGE_MS = 2 * 60_000
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
 * Whether a flip is too old to be sent again. The operator then has to find out why `alert`
 * doesn't acknowledge it.
 */
export function isGivenUp(notedAt: number, now: number): boolean {
  return now - notedAt > LAST_AGE_MS
}
