import { clockSpanAt } from './clock-spans.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** No zone is farther ahead of UTC. */
const FARTHEST_AHEAD_MS = 15 * HOUR_MS
/** Clocks change less often than once within the hours that are looked at. */
const MOST_SPANS = 8

/** A day or month of a zone, `2026-11-22` or `2026-11`, from its first instant to the next one. */
export type Period = { readonly name: string; readonly from: number; readonly to: number }

/** The last days of a zone, oldest first; the last is under way at `now`, and ends there. */
export function daysUntil(now: number, count: number, timeZone: string): readonly Period[] {
  const today = Math.floor(localOf(now, timeZone) / DAY_MS)
  const starts = Array.from({ length: count }, (_, index) => (today - count + 1 + index) * DAY_MS)
  return periods(starts, { now, timeZone, nameLength: 10 })
}

/** The same of months. */
export function monthsUntil(now: number, count: number, timeZone: string): readonly Period[] {
  const today = new Date(localOf(now, timeZone))
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()]
  const starts = Array.from({ length: count }, (_, index) =>
    Date.UTC(year, month - count + 1 + index),
  )
  return periods(starts, { now, timeZone, nameLength: 7 })
}

type Naming = { readonly now: number; readonly timeZone: string; readonly nameLength: number }

function periods(
  starts: readonly number[],
  { now, timeZone, nameLength }: Naming,
): readonly Period[] {
  const instants = [...starts.map((start) => firstInstantOf(start, timeZone)), now]
  return starts.map((start, index) => ({
    name: new Date(start).toISOString().slice(0, nameLength),
    from: instants[index] ?? now,
    to: instants[index + 1] ?? now,
  }))
}

/** What the clocks of a zone show, as if in UTC. */
function localOf(at: number, timeZone: string): number {
  return at + clockSpanAt(timeZone, at).offsetMs
}

/** The first instant at which the clocks of a zone show a time, or have skipped it. */
function firstInstantOf(local: number, timeZone: string): number {
  let at = local - FARTHEST_AHEAD_MS
  for (let looked = 0; looked < MOST_SPANS; looked += 1) {
    const { offsetMs, endsAt } = clockSpanAt(timeZone, at)
    const found = Math.max(at, local - offsetMs)
    if (found < endsAt) return found
    at = endsAt
  }
  return at
}
