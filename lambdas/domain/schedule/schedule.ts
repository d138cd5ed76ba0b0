import { isInBounds, scheduleBounds } from './bounds.ts'
import { newBudget } from './budget.ts'
import { parseCron } from './cron.ts'
import { memoized } from './memo.ts'
import { parseOnCalendar } from './on-calendar.ts'
import { firstRun, type Timetable } from './runs.ts'

export { isInBounds, scheduleBounds } from './bounds.ts'
export { canonicalTimeZone } from './time-zones.ts'
export { zoneDataVersion } from './zone-data.ts'

/**
 * When a job is expected. Cron and OnCalendar expressions are evaluated in a time zone, which goes
 * beside the schedule.
 */
export type Schedule =
  | { readonly kind: 'simple'; readonly periodSeconds: number }
  | { readonly kind: 'cron'; readonly expression: string }
  | { readonly kind: 'oncalendar'; readonly expression: string }

/** A schedule whose runs stand in the calendar, whatever pings arrive. */
export type CalendarSchedule = Exclude<Schedule, { readonly kind: 'simple' }>

/**
 * The first run strictly later than `after` (epoch ms); undefined when there is none. @throws
 * ScheduleTooCostly
 */
export function nextRunAt(schedule: Schedule, timeZone: string, after: number): number | undefined {
  return nextRunBy(Infinity, { schedule, timeZone, after })
}

type Question = { readonly schedule: Schedule; readonly timeZone: string; readonly after: number }

/** The same up to `until`: a later run counts as none, and is not looked for. */
export function nextRunBy(
  until: number,
  { schedule, timeZone, after }: Question,
): number | undefined {
  if (schedule.kind === 'simple') return notLater(until, after + schedule.periodSeconds * 1000)
  const range = { from: Math.floor(after / 1000) * 1000 + 1000, until, budget: newBudget() }
  const runs = timetablesOf(schedule).map(
    (timetable) => firstRun(timetable, timetable.timeZone ?? timeZone, range) ?? Infinity,
  )
  return notLater(until, Math.min(...runs))
}

function notLater(until: number, run: number): number | undefined {
  return run <= until && run !== Infinity ? run : undefined
}

const startOf2000 = Date.UTC(2000, 0, 1)

/**
 * Parses a text as a cron or OnCalendar schedule and keeps the text as it is. Undefined when the
 * text is neither, is too long, or has a line that never runs after the year 1999 in its own zone.
 */
export function parseSchedule(text: string): CalendarSchedule | undefined {
  if (text.length > scheduleBounds.longestExpression) return undefined
  const schedule: CalendarSchedule = {
    kind: isCron(text) ? 'cron' : 'oncalendar',
    expression: text,
  }
  const budget = newBudget()
  const runs = (timetable: Timetable): boolean =>
    firstRun(timetable, timetable.timeZone ?? 'UTC', {
      from: startOf2000 + 1000,
      until: Infinity,
      budget,
    }) !== undefined
  return timetables[schedule.kind](text)?.every(runs) === true ? schedule : undefined
}

/**
 * Whether a check may have a schedule. Stored, restored and imported schedules need this check,
 * because they were not always made here.
 */
export function isSchedule(schedule: Schedule): boolean {
  if (schedule.kind === 'simple') return isInBounds(schedule.periodSeconds)
  return parseSchedule(schedule.expression)?.kind === schedule.kind
}

function isCron(text: string): boolean {
  const trimmed = text.trim()
  return !trimmed.includes('\n') && trimmed.split(/\s+/).length === 5
}

function timetablesOf(schedule: CalendarSchedule): readonly Timetable[] {
  const known = timetables[schedule.kind](schedule.expression)
  if (known === undefined)
    throw new Error(`not a valid ${schedule.kind} expression: ${schedule.expression}`)
  return known
}

/**
 * Enough for all different expressions of a deployment. With fewer, most of a sweep would be
 * parsing. Each takes 3 KB at most.
 */
const MOST_TIMETABLES = 10_000

/**
 * Own parsers and own time zone data, because no library has Debian's rules for changes of the
 * clocks, systemd's OnCalendar or a run to look back at. docs/decisions/0002-schedules.md lists row
 * by row what croner and cron-parser miss.
 */
const timetables = {
  cron: memoized(MOST_TIMETABLES, (expression: string) => {
    const timetable = parseCron(expression)
    return timetable && [timetable]
  }),
  oncalendar: memoized(MOST_TIMETABLES, parseOnCalendar),
}
