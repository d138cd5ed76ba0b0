/** ISO 8601 in UTC, whole seconds. */
export function secondsText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`
}

/** ISO 8601 in UTC with milliseconds, unless they are none. */
export function millisecondsText(at: number): string {
  return at % 1000 === 0 ? secondsText(at) : new Date(at).toISOString().replace('Z', '+00:00')
}
