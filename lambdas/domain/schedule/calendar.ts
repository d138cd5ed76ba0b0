export type Day = {
  readonly dayOfMonth: number
  /** 0 is Sunday. */
  readonly weekday: number
  readonly daysInMonth: number
}

/**
 * Which times of a wall calendar an expression names, in any zone. Numbers ascend.
 * Such a time, `local`, is held in milliseconds since 1970 as if the wall stood in UTC.
 */
export type Calendar = {
  readonly years?: readonly number[]
  readonly months: readonly number[]
  readonly includesDay: (day: Day) => boolean
  readonly hours: readonly number[]
  readonly minutes: readonly number[]
  readonly seconds: readonly number[]
}

type Step = 1 | -1

const dayMs = 86_400_000

/** The first match from `from` on, none later than the day of `limit`. */
export function firstMatch(calendar: Calendar, from: number, limit: number): number | undefined {
  return nearestMatch(calendar, { from, limit, step: 1 })
}

/** The last match up to and including `from`, none earlier than the day of `limit`. */
export function lastMatch(calendar: Calendar, from: number, limit: number): number | undefined {
  return nearestMatch(calendar, { from, limit, step: -1 })
}

type Search = { readonly from: number; readonly limit: number; readonly step: Step }

function nearestMatch(calendar: Calendar, { from, limit, step }: Search): number | undefined {
  const [today, lastDay] = [Math.floor(from / dayMs), Math.floor(limit / dayMs)]
  const day = nearestDay(calendar, { from: today, limit: lastDay, step })
  if (day === undefined) return undefined
  const secondOfDay = day === today ? Math.floor((from - today * dayMs) / 1000) : step === 1 ? 0 : 86_399
  const time = nearestTime(calendar, secondOfDay, step)
  if (time !== undefined) return day * dayMs + time * 1000
  return nearestMatch(calendar, { from: step === 1 ? (today + 1) * dayMs : today * dayMs - 1000, limit, step })
}

/** Days are counted from 1970. Months that do not match are passed over as a whole: a date a century ahead is found in microseconds. */
function nearestDay(calendar: Calendar, { from, limit, step }: Search): number | undefined {
  const lastMonth = monthOf(limit)
  for (let month = monthOf(from); (lastMonth - month) * step >= 0; month += step) {
    const day = includesMonth(calendar, month) ? nearestDayInMonth(calendar, month, { from, limit, step }) : undefined
    if (day !== undefined) return day
  }
  return undefined
}

function includesMonth({ years, months }: Calendar, number: number): boolean {
  return months.includes((number % 12) + 1) && years?.includes(Math.floor(number / 12)) !== false
}

function nearestDayInMonth({ includesDay }: Calendar, month: number, { from, limit, step }: Search): number | undefined {
  const [first, next] = [firstDayOf(month), firstDayOf(month + 1)]
  for (let day = step === 1 ? Math.max(from, first) : Math.min(from, next - 1); day >= first && day < next; day += step) {
    if ((limit - day) * step < 0) return undefined
    if (includesDay({ dayOfMonth: day - first + 1, weekday: weekdayOf(day), daysInMonth: next - first })) return day
  }
  return undefined
}

/** Months are counted from the year 0. */
function monthOf(day: number): number {
  const date = new Date(day * dayMs)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function firstDayOf(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12) / dayMs
}

/** The first day of 1970 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

/** Times in seconds of the day, compared unit by unit. */
function nearestTime({ hours, minutes, seconds }: Calendar, from: number, step: Step): number | undefined {
  const [hour, minute, second] = [Math.floor(from / 3600), Math.floor(from / 60) % 60, from % 60]
  const sameMinute = hours.includes(hour) && minutes.includes(minute) ? nearest(seconds, second, step) : undefined
  if (sameMinute !== undefined) return hour * 3600 + minute * 60 + sameMinute
  const otherMinute = hours.includes(hour) ? nearest(minutes, minute + step, step) : undefined
  if (otherMinute !== undefined) return hour * 3600 + otherMinute * 60 + outermost(seconds, step)
  const otherHour = nearest(hours, hour + step, step)
  return otherHour === undefined ? undefined : otherHour * 3600 + outermost(minutes, step) * 60 + outermost(seconds, step)
}

function nearest(values: readonly number[], from: number, step: Step): number | undefined {
  return step === 1 ? values.find((value) => value >= from) : values.findLast((value) => value <= from)
}

function outermost(values: readonly number[], step: Step): number {
  return step === 1 ? Math.min(...values) : Math.max(...values)
}
