/** Bounds of periods, grace times and expressions, wherever a check comes from. */
export const scheduleBounds = {
  shortestSeconds: 60,
  longestSeconds: 31_536_000,
  longestExpression: 100,
} as const

/** Whether a period or a grace time is one that a check may have. */
export function isInBounds(seconds: number): boolean {
  return (
    Number.isInteger(seconds) &&
    seconds >= scheduleBounds.shortestSeconds &&
    seconds <= scheduleBounds.longestSeconds
  )
}
