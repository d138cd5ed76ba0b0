import { type Budget, spend } from './budget.ts'
import { type Calendar, firstMatch } from './calendar.ts'
import { clockSpanAt, type ClockSpan } from './clock-spans.ts'

/**
 * What happens to runs that a change of the clocks skips or repeats. `follow`: skipped runs are
 * left out, repeated ones run twice. `catch-up`: skipped runs run once, right after the change;
 * repeated ones run in the first pass only. `drop`: skipped runs are left out; repeated ones run in
 * the first pass only.
 */
export type ClockChange = 'follow' | 'catch-up' | 'drop'

/**
 * A set of instants that a zone makes fixed: the next run does not depend on where a search starts.
 */
export type Timetable = {
  readonly calendar: Calendar
  readonly clockChange: ClockChange
  /** How far to look; a run beyond it counts as none. */
  readonly horizonYears: number
  /** The zone that the expression itself names. */
  readonly timeZone?: string
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const yearMs = 366 * dayMs
/**
 * A few spans are enough to find any run. A schedule whose run each change of the clocks skips, for
 * fifteen years and more, never runs.
 */
const mostSpans = 30

/** Where to look for a run: from a whole second on, and how far. */
export type SearchRange = { readonly from: number; readonly until: number; readonly budget: Budget }

/** The first run of a range; undefined when there is none. @throws ScheduleTooCostly */
export function firstRun(
  timetable: Timetable,
  timeZone: string,
  { from, until, budget }: SearchRange,
): number | undefined {
  const { calendar, horizonYears } = timetable
  const limit = Math.min(until, from + horizonYears * yearMs)
  let at = from
  for (let looked = 0; looked < mostSpans && at <= limit; looked += 1) {
    spend(budget)
    const span = clockSpanAt(timeZone, at)
    const [lowest, endLocal] = [
      lowestLocal(span, timetable),
      Math.min(span.endsAt, limit + 1000) + span.offsetMs,
    ]
    const local = firstMatch(calendar, {
      from: at === span.startsAt ? lowest : Math.max(lowest, at + span.offsetMs),
      limit: endLocal,
      budget,
    })
    if (local !== undefined && local < endLocal) return runOf(span, local)
    if (span.endsAt > limit) return undefined
    // Whatever runs after this span has its local time within a day of it or later: clocks never
    // change by more.
    const candidate = firstMatch(calendar, { from: endLocal - dayMs, limit: limit + dayMs, budget })
    if (candidate === undefined) return undefined
    at = Math.max(span.endsAt, candidate - dayMs)
  }
  return undefined
}

/**
 * The earliest local time with a run in the span. Times before the span's local start were skipped.
 */
function lowestLocal(span: ClockSpan, { calendar, clockChange }: Timetable): number {
  const startLocal = span.startsAt + span.offsetMs
  switch (clockChange) {
    case 'follow':
      return losesItsPlace(span, calendar) ? startLocal + hourMs : startLocal
    case 'catch-up':
      return span.reached
    case 'drop':
      return Math.max(startLocal, span.reached)
  }
}

/**
 * The reference skips hours that do not match in steps of one elapsed hour. When clocks change by
 * half an hour within such an hour (Lord Howe), a step ends in the middle of the next hour and
 * misses its first half. Clients see the reference's answers, so these are kept.
 */
function losesItsPlace({ startsAt, offsetMs, reached }: ClockSpan, calendar: Calendar): boolean {
  const startLocal = startsAt + offsetMs
  return (
    (startLocal - reached) % hourMs !== 0 &&
    !calendar.hours.includes(Math.floor(startLocal / hourMs) % 24)
  )
}

function runOf(span: ClockSpan, local: number): number {
  return Math.max(span.startsAt, local - span.offsetMs)
}
