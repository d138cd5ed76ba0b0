import { parseCron } from './schedule/cron.ts'
import { memoized } from './schedule/memo.ts'
import { parseOnCalendar } from './schedule/on-calendar.ts'
import { firstRun, lastRun, type Timetable } from './schedule/runs.ts'

export { canonicalTimeZone } from './schedule/time-zones.ts'
export { scheduleInWords } from './schedule/words.ts'
export { zoneDataVersion } from './schedule/zone-data.ts'

/** When a job is expected. Cron and OnCalendar expressions are evaluated in a time zone, which goes beside the schedule. */
export type Schedule =
  | { readonly kind: 'simple'; readonly periodSeconds: number }
  | { readonly kind: 'cron'; readonly expression: string }
  | { readonly kind: 'oncalendar'; readonly expression: string }

/** A schedule whose runs stand in the calendar, whatever pings arrive. */
export type CalendarSchedule = Exclude<Schedule, { readonly kind: 'simple' }>

/** The first run strictly later than `after` (epoch ms); undefined when there is none. */
export function nextRunAt(schedule: Schedule, timeZone: string, after: number): number | undefined {
  if (schedule.kind === 'simple') return after + schedule.periodSeconds * 1000
  const from = Math.floor(after / 1000) * 1000 + 1000
  const runs = timetablesOf(schedule).map((timetable) => firstRun(timetable, timetable.timeZone ?? timeZone, from) ?? Infinity)
  return finite(Math.min(...runs))
}

/**
 * The last run at or before `at` (epoch ms); undefined when there is none. It is of the same set of instants as the next run:
 * a ping is overdue exactly when it is older than the last run.
 */
export function previousRunAt(schedule: CalendarSchedule, timeZone: string, at: number): number | undefined {
  const until = Math.floor(at / 1000) * 1000
  const runs = timetablesOf(schedule).map((timetable) => lastRun(timetable, timetable.timeZone ?? timeZone, until) ?? -Infinity)
  return finite(Math.max(...runs))
}

function finite(at: number): number | undefined {
  return Number.isFinite(at) ? at : undefined
}

const startOf2000 = Date.UTC(2000, 0, 1)

/** The cron or OnCalendar schedule that a text is, kept as it is; undefined when it is neither, or never runs after the year 1999. */
export function parseSchedule(text: string): CalendarSchedule | undefined {
  const schedule: CalendarSchedule = { kind: isCron(text) ? 'cron' : 'oncalendar', expression: text }
  const isValid = timetables[schedule.kind](text) !== undefined && nextRunAt(schedule, 'UTC', startOf2000) !== undefined
  return isValid ? schedule : undefined
}

function isCron(text: string): boolean {
  const trimmed = text.trim()
  return !trimmed.includes('\n') && trimmed.split(/\s+/).length === 5
}

function timetablesOf(schedule: CalendarSchedule): readonly Timetable[] {
  const known = timetables[schedule.kind](schedule.expression)
  if (known === undefined) throw new Error(`not a valid ${schedule.kind} expression: ${schedule.expression}`)
  return known
}

/**
 * Parsed here, evaluated on time zones of our own choice: no library has Debian's rules for changes of the clocks, systemd's OnCalendar
 * or a run to look back at. What croner and cron-parser miss, row by row: docs/decisions/0002-schedules.md.
 */
const timetables = {
  cron: memoized(1000, (expression: string) => {
    const timetable = parseCron(expression)
    return timetable && [timetable]
  }),
  oncalendar: memoized(1000, parseOnCalendar),
}
