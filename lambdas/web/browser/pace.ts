const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

/** How it goes with a region that is kept fresh. */
export type AskingPace = {
  /** Whether something is waited for. */
  readonly isSoon: boolean
  /** How many times in a row it could not be had. */
  readonly failures: number
  /** How long the page has been open, and nobody has moved. */
  readonly openMs: number
  readonly idleMs: number
}

/** When to ask again: often while it matters to somebody, seldom while nobody can answer. */
export function nextInMs({ isSoon, failures, openMs, idleMs }: AskingPace): number {
  if (failures > 0) return Math.min(15 * SECOND_MS * 2 ** (failures - 1), 5 * MINUTE_MS)
  if (isSoon && openMs < 10 * MINUTE_MS) return 3 * SECOND_MS
  return idleMs < 2 * MINUTE_MS ? 15 * SECOND_MS : MINUTE_MS
}
