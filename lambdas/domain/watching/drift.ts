/**
 * How a heartbeat lags behind its check: it is not there, or its definition is of an older version.
 */
export type Drift = 'missing' | 'stale'

/**
 * The drift of a heartbeat that has the definition `stored`; undefined when it is up to date, or
 * newer than the look at the check.
 */
export function driftOf(version: number, stored: number | undefined): Drift | undefined {
  if (stored === undefined) return 'missing'
  return stored < version ? 'stale' : undefined
}
