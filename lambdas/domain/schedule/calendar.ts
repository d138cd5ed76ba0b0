import { type Budget, spend } from './budget.ts'

export type Day = {
  readonly dayOfMonth: number
  /** 0 is Sunday. */
  readonly weekday: number
  readonly daysInMonth: number
}

/** Which times of a wall calendar an expression names, in any zone. Numbers ascend. */
export type Pattern = {
  readonly years?: ReadonlySet<number>
  readonly months: readonly number[]
  readonly includesDay: (day: Day) => boolean
  readonly hours: readonly number[]
  readonly minutes: readonly number[]
  readonly seconds: readonly number[]
}

/** A pattern without the months that never have such a day. */
export type Calendar = Pattern & { readonly daysOf: DaysOf }

/** The days of a month that begins on a weekday, as bits: the lowest is the first. */
type DaysOf = (firstWeekday: number, daysInMonth: number) => number

/**
 * Where to look for a local time. Local times are milliseconds since 1970, as if the wall clock
 * showed UTC. The search ends with the day of `limit`.
 */
export type Search = { readonly from: number; readonly limit: number; readonly budget: Budget }

const dayMs = 86_400_000
const weekdays = [0, 1, 2, 3, 4, 5, 6]

export function makeCalendar(pattern: Pattern): Calendar {
  const daysOf = makeDaysOf(pattern.includesDay)
  const isPossible = (month: number) =>
    lengthsOf(month).some((length) => weekdays.some((weekday) => daysOf(weekday, length) !== 0))
  return { ...pattern, months: pattern.months.filter(isPossible), daysOf }
}

/** Keeps the days of each kind of month, of which there are only 28. */
function makeDaysOf(includesDay: Pattern['includesDay']): DaysOf {
  const known: number[] = []
  return (firstWeekday, daysInMonth) =>
    (known[daysInMonth * 7 + firstWeekday] ??= daysIn(includesDay, firstWeekday, daysInMonth))
}

function daysIn(
  includesDay: Pattern['includesDay'],
  firstWeekday: number,
  daysInMonth: number,
): number {
  let days = 0
  for (let index = 0; index < daysInMonth; index += 1) {
    if (includesDay({ dayOfMonth: index + 1, weekday: (firstWeekday + index) % 7, daysInMonth }))
      days |= 1 << index
  }
  return days
}

function lengthsOf(month: number): readonly number[] {
  if (month === 2) return [28, 29]
  return [month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31]
}

/** The first match from `from` on. @throws ScheduleTooCostly */
export function firstMatch(calendar: Calendar, search: Search): number | undefined {
  const { from, limit, budget } = search
  const today = Math.floor(from / dayMs)
  const day = firstDay(calendar, { from: today, limit: Math.floor(limit / dayMs), budget })
  if (day === undefined) return undefined
  const time = firstTime(calendar, day === today ? Math.floor((from - today * dayMs) / 1000) : 0)
  return time === undefined
    ? firstMatch(calendar, { ...search, from: (today + 1) * dayMs })
    : day * dayMs + time * 1000
}

/** Days are counted from 1970. Years and months that do not match are passed over as a whole. */
function firstDay(calendar: Calendar, search: Search): number | undefined {
  const [firstYear, lastYear] = [yearOf(search.from), yearOf(search.limit)]
  for (let year = firstYear; year <= lastYear && calendar.months.length > 0; year += 1) {
    spend(search.budget)
    const day =
      calendar.years?.has(year) === false ? undefined : firstDayInYear(calendar, year, search)
    if (day !== undefined) return day
  }
  return undefined
}

function firstDayInYear(
  { months, daysOf }: Calendar,
  year: number,
  { from, limit, budget }: Search,
): number | undefined {
  for (const month of months) {
    const [first, next] = [Date.UTC(year, month - 1) / dayMs, Date.UTC(year, month) / dayMs]
    if (next <= from) continue
    if (first > limit) return undefined
    spend(budget)
    const days = daysOf(weekdayOf(first), next - first) & (-1 << Math.max(0, from - first))
    const day = first + lowestBit(days)
    if (days !== 0) return day <= limit ? day : undefined
  }
  return undefined
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}

function yearOf(day: number): number {
  return new Date(day * dayMs).getUTCFullYear()
}

/** The first day of 1970 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

/** Times in seconds of the day, compared unit by unit. */
function firstTime({ hours, minutes, seconds }: Calendar, from: number): number | undefined {
  const [hour, minute, second] = [Math.floor(from / 3600), Math.floor(from / 60) % 60, from % 60]
  const sameMinute =
    hours.includes(hour) && minutes.includes(minute)
      ? seconds.find((value) => value >= second)
      : undefined
  if (sameMinute !== undefined) return hour * 3600 + minute * 60 + sameMinute
  const otherMinute = hours.includes(hour) ? minutes.find((value) => value > minute) : undefined
  if (otherMinute !== undefined) return hour * 3600 + otherMinute * 60 + (seconds[0] ?? 0)
  const otherHour = hours.find((value) => value > hour)
  return otherHour === undefined
    ? undefined
    : otherHour * 3600 + (minutes[0] ?? 0) * 60 + (seconds[0] ?? 0)
}
