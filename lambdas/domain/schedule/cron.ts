import { type Day, makeCalendar } from './calendar.ts'
import { everyNth, union, wholeNumber, type Range } from './numbers.ts'
import type { Timetable } from './runs.ts'

/** Weekdays count from Sunday to Sunday: both 0 and 7 are it. */
const fields = {
  minute: { from: 0, to: 59, names: [] },
  hour: { from: 0, to: 23, names: [] },
  day: { from: 1, to: 31, names: [] },
  month: {
    from: 1,
    to: 12,
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  weekday: { from: 0, to: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
} satisfies Record<string, Field>

type Field = Range & { readonly names: readonly string[] }
type DayRule = (day: Day) => boolean

/** How far ahead a run lies at most, however rare its dates. Impossible dates are refused. */
const horizonYears = 50

/**
 * Cron as Debian reads it, with `L`, `LW`, `5L` and `MON#2`; undefined when the expression is not
 * valid.
 *
 * When clocks change, jobs at fixed times catch up on what is skipped and do not repeat. Jobs with
 * a `*` in front of minutes or hours follow elapsed time. A `*` in front of either day field makes
 * both fields required; otherwise one is enough.
 */
export function parseCron(expression: string): Timetable | undefined {
  const words = expression.trim().toUpperCase().split(/\s+/)
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = words
  const [minutes, hours] = [valuesOf(minute, fields.minute), valuesOf(hour, fields.hour)]
  const [months, isDay, isWeekday] = [
    valuesOf(month, fields.month),
    anyOf(day, dayRule),
    anyOf(weekday, weekdayRule),
  ]
  if (words.length !== 5 || !minutes || !hours || !months || !isDay || !isWeekday) return undefined
  if (!months.some((candidate) => hasDay(candidate, isDay))) return undefined
  const needsBoth = day.startsWith('*') || weekday.startsWith('*')
  const includesDay: DayRule = needsBoth
    ? (date) => isDay(date) && isWeekday(date)
    : (date) => isDay(date) || isWeekday(date)
  const clockChange = minute.startsWith('*') || hour.startsWith('*') ? 'follow' : 'catch-up'
  return {
    calendar: makeCalendar({ months, includesDay, hours, minutes, seconds: [0] }),
    clockChange,
    horizonYears,
  }
}

function valuesOf(text: string, field: Field): readonly number[] | undefined {
  return union(text.split(',').map((term) => termValues(term, field)))
}

/**
 * `*`, `a` or `a-b`, each with an optional `/n`. A single number with a step runs to the end of the
 * field.
 */
function termValues(term: string, field: Field): readonly number[] | undefined {
  const [base = '', stepText, ...rest] = term.split('/')
  const range = base === '*' ? field : rangeOf(base, field)
  const step = stepText === undefined ? 1 : wholeNumber(stepText)
  if (range === undefined || step === undefined || rest.length > 0) return undefined
  const isSingle = stepText !== undefined && range.from === range.to
  return everyNth(isSingle ? { from: range.from, to: field.to } : range, step)
}

function rangeOf(text: string, field: Field): Range | undefined {
  const [first = '', last = first, ...rest] = text.split('-')
  const [from, to] = [numberOf(first, field), numberOf(last, field)]
  return from === undefined || to === undefined || to < from || rest.length > 0
    ? undefined
    : { from, to }
}

function numberOf(text: string, { from, to, names }: Field): number | undefined {
  const named = names.indexOf(text)
  const value = named === -1 ? wholeNumber(text) : named + from
  return value === undefined || value < from || value > to ? undefined : value
}

/** A list of rules, of which one is enough. */
function anyOf(text: string, ruleOf: (term: string) => DayRule | undefined): DayRule | undefined {
  const rules = text.split(',').map(ruleOf)
  const understood = rules.filter((rule) => rule !== undefined)
  return understood.length < rules.length
    ? undefined
    : (day) => understood.some((rule) => rule(day))
}

function dayRule(term: string): DayRule | undefined {
  const last = /^(LW?)(?:\/0*[1-9][0-9]*)?$/.exec(term)?.[1]
  if (last === 'L') return ({ dayOfMonth, daysInMonth }) => dayOfMonth === daysInMonth
  if (last === 'LW') return isLastWorkday
  const values = termValues(term, fields.day)
  return values && (({ dayOfMonth }) => values.includes(dayOfMonth))
}

function isLastWorkday({ dayOfMonth, daysInMonth, weekday }: Day): boolean {
  const isWorkday = weekday >= 1 && weekday <= 5
  return (
    isWorkday && (dayOfMonth === daysInMonth || (weekday === 5 && dayOfMonth >= daysInMonth - 2))
  )
}

function weekdayRule(term: string): DayRule | undefined {
  const [base = '', nth, ...rest] = term.split('#')
  if (nth !== undefined) return rest.length > 0 ? undefined : nthWeekdayRule(base, nth)
  const last = /^([0-7])L$/.exec(term)?.[1]
  if (last !== undefined)
    return (day) => day.weekday === Number(last) % 7 && day.dayOfMonth + 7 > day.daysInMonth
  const values = termValues(term, fields.weekday)?.map((value) => value % 7)
  return values && (({ weekday }) => values.includes(weekday))
}

function nthWeekdayRule(base: string, nthText: string): DayRule | undefined {
  const [value, nth] = [numberOf(base, fields.weekday), wholeNumber(nthText)]
  if (value === undefined || nth === undefined || nth < 1 || nth > 5) return undefined
  return ({ weekday, dayOfMonth }) => weekday === value % 7 && Math.ceil(dayOfMonth / 7) === nth
}

/**
 * Whether a month ever has such a day. 2000 was a leap year. Only `LW` looks at the weekday, and a
 * Wednesday at the end of the month satisfies it.
 */
function hasDay(month: number, isDay: DayRule): boolean {
  const daysInMonth = new Date(Date.UTC(2000, month, 0)).getUTCDate()
  const days = Array.from({ length: daysInMonth }, (_, index) => index + 1)
  return days.some((dayOfMonth) => isDay({ dayOfMonth, weekday: 3, daysInMonth }))
}
