import { type Day, makeCalendar, type Pattern } from './calendar.ts'
import { everyNth, union, wholeNumber, type Range } from './numbers.ts'
import type { Timetable } from './runs.ts'
import { canonicalTimeZone } from './time-zones.ts'

const fields = {
  year: { from: 1970, to: 2199 },
  month: { from: 1, to: 12 },
  day: { from: 1, to: 31 },
  hour: { from: 0, to: 23 },
  minute: { from: 0, to: 59 },
  second: { from: 0, to: 59 },
} satisfies Record<string, Range>

const weekdayNames = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']

const shorthands = new Map([
  ['minutely', '*:*'],
  ['hourly', '*:00'],
  ['daily', '00:00'],
  ['weekly', 'Mon 00:00'],
  ['monthly', '*-01 00:00'],
  ['quarterly', '01,04,07,10-01 00:00'],
  ['semiannually', '01,07-01 00:00'],
  ['yearly', '01-01 00:00'],
  ['annually', '01-01 00:00'],
])

const everyYear: ReadonlySet<number> = new Set(everyNth(fields.year, 1))

/** systemd knows no later year, so nothing runs beyond it. */
const horizonYears = fields.year.to - fields.year.from + 1

/**
 * systemd's OnCalendar, one expression a line. All lines together make the schedule. Undefined when
 * a line is not valid.
 */
export function parseOnCalendar(expressions: string): readonly Timetable[] | undefined {
  const timetables = expressionsOf(expressions).map(({ text, timeZone }) =>
    timetableOf(text, timeZone),
  )
  const understood = timetables.filter((timetable) => timetable !== undefined)
  return understood.length < timetables.length ? undefined : understood
}

export type CalendarExpression = { readonly text: string; readonly timeZone: string | undefined }

/** The lines of a schedule, each with the zone that it may name at its end. */
export function expressionsOf(expressions: string): readonly CalendarExpression[] {
  return expressions
    .trim()
    .split('\n')
    .map((line) => {
      const words = line.trim().split(/\s+/)
      const timeZone = words.length > 1 ? canonicalTimeZone(words.at(-1) ?? '') : undefined
      return { text: (timeZone === undefined ? words : words.slice(0, -1)).join(' '), timeZone }
    })
}

function timetableOf(text: string, timeZone: string | undefined): Timetable | undefined {
  const pattern = patternOf(shorthands.get(text.toLowerCase()) ?? text)
  return (
    pattern && {
      calendar: makeCalendar(pattern),
      clockChange: 'drop',
      horizonYears,
      ...(timeZone === undefined ? {} : { timeZone }),
    }
  )
}

/** `[weekdays] [date] [time]`, of which weekdays and date must both match. */
function patternOf(text: string): Pattern | undefined {
  const words = text.split(' ')
  const time = timeOf(words.at(-1)?.includes(':') === true ? (words.pop() ?? '') : '0:0')
  const date = dateOf(/^[0-9*].*[-~]/.test(words.at(-1) ?? '') ? (words.pop() ?? '') : '*-*')
  const weekdays = weekdaysOf(words.shift() ?? 'Mon..Sun')
  if (time === undefined || date === undefined || weekdays === undefined || words.length > 0)
    return undefined
  const includesDay = (day: Day): boolean => weekdays.includes(day.weekday) && date.includesDay(day)
  return { ...time, ...date, includesDay }
}

/** `hour:minute[:second]` */
function timeOf(text: string): Pick<Pattern, 'hours' | 'minutes' | 'seconds'> | undefined {
  const [hour = '', minute = '', second = '0', ...rest] = text.split(':')
  const [hours, minutes, seconds] = [
    valuesOf(hour, fields.hour),
    valuesOf(minute, fields.minute),
    valuesOf(second, fields.second),
  ]
  return rest.length > 0 || !hours || !minutes || !seconds ? undefined : { hours, minutes, seconds }
}

/** `[year-]month-day`. With `~` instead of the last dash, days count from the end of the month. */
function dateOf(text: string): Pick<Pattern, 'years' | 'months' | 'includesDay'> | undefined {
  const [, year = '*', month = '', sign, day = ''] =
    /^(?:([^-~]*)-)?([^-~]*)([-~])([^-~]*)$/.exec(text) ?? []
  const [years, months] = [yearsOf(year), valuesOf(month, fields.month)]
  const days = sign === '~' ? valuesFromEnd(day) : valuesOf(day, fields.day)
  if (!years || !months || !days) return undefined
  const dayIn = ({ dayOfMonth, daysInMonth }: Day): number =>
    sign === '~' ? daysInMonth - dayOfMonth + 1 : dayOfMonth
  return { years, months, includesDay: (date) => days.includes(dayIn(date)) }
}

/** Shared, because nearly all expressions name every year. */
function yearsOf(text: string): ReadonlySet<number> | undefined {
  if (text === '*') return everyYear
  const years = valuesOf(text, fields.year, yearOf)
  return years && new Set(years)
}

/** `*`, or a list of `a`, `a..b`, `a/n` and `a..b/n`. */
function valuesOf(
  text: string,
  field: Range,
  numberOf = wholeNumber,
): readonly number[] | undefined {
  if (text === '*') return everyNth(field, 1)
  return union(text.split(',').map((term) => termValues(term, field, numberOf)))
}

function termValues(
  term: string,
  field: Range,
  numberOf: typeof wholeNumber,
): readonly number[] | undefined {
  const stepped = steppedRange(term, field, numberOf)
  if (stepped === undefined) return undefined
  const { range, step } = stepped
  return everyNth(
    step !== undefined && range.from === range.to ? { from: range.from, to: field.to } : range,
    step ?? 1,
  )
}

/**
 * Days counted from the end. Steps go forward in time, so from higher to lower numbers: `~7/2` is
 * the 7th, 5th, 3rd and 1st last day. Only a single number has systemd's limit of 28.
 */
function valuesFromEnd(text: string): readonly number[] | undefined {
  if (text === '*') return everyNth(fields.day, 1)
  const terms = text.split(',').map((term) => {
    const stepped = steppedRange(term, fields.day, wholeNumber)
    if (stepped === undefined) return undefined
    const { range, step, isSingle } = stepped
    if (isSingle && range.to > 28) return undefined
    const first = step !== undefined && range.from === range.to ? 1 : range.from
    return everyNth({ from: -range.to, to: -first }, step ?? 1)?.map((value) => -value)
  })
  return union(terms)
}

type SteppedRange = {
  readonly range: Range
  readonly step: number | undefined
  readonly isSingle: boolean
}

function steppedRange(
  term: string,
  field: Range,
  numberOf: typeof wholeNumber,
): SteppedRange | undefined {
  const [base = '', stepText, ...rest] = term.split('/')
  const [first = '', last, ...more] = base.split('..')
  const [from, to] = [numberOf(first), numberOf(last ?? first)]
  const step = stepText === undefined ? undefined : wholeNumber(stepText)
  if (from === undefined || to === undefined || rest.length > 0 || more.length > 0) return undefined
  if (from < field.from || to > field.to || to < from) return undefined
  if (stepText !== undefined && step === undefined) return undefined
  return { range: { from, to }, step, isSingle: last === undefined }
}

/** Two digits are a year from 1970 to 2069. */
function yearOf(text: string): number | undefined {
  const year = wholeNumber(text)
  if (year === undefined || year >= 100) return year
  return year < 70 ? 2000 + year : 1900 + year
}

/**
 * A list of names and ranges of names. A week begins with Monday, so `Sat..Sun` is one; the result
 * has 0 for Sunday, as a day does.
 */
function weekdaysOf(text: string): readonly number[] | undefined {
  const terms = text.replace(/,+$/, '').replaceAll('-', '..').split(',')
  return union(
    terms.map((term) => {
      const [first = '', last = first, ...rest] = term.split('..')
      const [from, to] = [weekdayOf(first), weekdayOf(last)]
      if (from === undefined || to === undefined || to < from || rest.length > 0) return undefined
      return everyNth({ from, to }, 1)?.map((weekday) => weekday % 7)
    }),
  )
}

/** From 1, Monday, to 7, Sunday. */
function weekdayOf(text: string): number | undefined {
  const name = text.toUpperCase()
  const index = weekdayNames.findIndex(
    (weekday) => name === weekday || name === weekday.slice(0, 3),
  )
  return index === -1 ? undefined : index + 1
}
