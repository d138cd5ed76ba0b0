export type Day = {
  readonly year: number
  readonly month: number
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
  readonly years?: ReadonlySet<number>
  readonly months: ReadonlySet<number>
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

/** Days are counted from 1970. Skips whole years and months, so that a rare date a century ahead is found in well under a millisecond. */
function nearestDay(calendar: Calendar, { from, limit, step }: Search): number | undefined {
  for (let number = from; (limit - number) * step >= 0;) {
    const day = dayOf(number)
    if (calendar.years?.has(day.year) === false) number = step === 1 ? dayNumber(day.year + 1, 1) : dayNumber(day.year, 1) - 1
    else if (!calendar.months.has(day.month)) number = step === 1 ? dayNumber(day.year, day.month + 1) : dayNumber(day.year, day.month) - 1
    else if (calendar.includesDay(day)) return number
    else number += step
  }
  return undefined
}

function dayOf(number: number): Day {
  const date = new Date(number * dayMs)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1]
  const daysInMonth = dayNumber(year, month + 1) - dayNumber(year, month)
  return { year, month, dayOfMonth: date.getUTCDate(), weekday: date.getUTCDay(), daysInMonth }
}

/** The number of the first day of a month. */
function dayNumber(year: number, month: number): number {
  return Date.UTC(year, month - 1) / dayMs
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
