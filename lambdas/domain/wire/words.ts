import { clockSpanAt } from '../schedule/clock-spans.ts'

const HOUR_MS = 3_600_000
/** No zone changes its offset by more. */
const LONGEST_OVERLAP_MS = 3 * HOUR_MS

const units = [
  { ms: 24 * HOUR_MS, name: 'day', short: 'd' },
  { ms: HOUR_MS, name: 'hour', short: 'h' },
  { ms: 60_000, name: 'minute', short: 'min' },
  { ms: 1000, name: 'second', short: 's' },
] as const

/** A length of time in its two largest units: `1 hour 5 minutes`. */
export function durationInWords(ms: number): string {
  const parts = partsOfDuration(ms).map(
    ({ count, unit }) => `${count} ${unit.name}${count === 1 ? '' : 's'}`,
  )
  return parts.length === 0 ? 'less than a second' : parts.join(' ')
}

/** The same for a column: `1 h 5 min`. */
export function shortDuration(ms: number): string {
  const parts = partsOfDuration(ms).map(({ count, unit }) => `${count} ${unit.short}`)
  return parts.length === 0 ? `${Math.max(0, Math.round(ms))} ms` : parts.join(' ')
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(count: number): string {
  const isTeen = Math.floor(count / 10) % 10 === 1
  const suffix = isTeen ? undefined : ['th', 'st', 'nd', 'rd'][count % 10]
  return `${count}${suffix ?? 'th'}`
}

function partsOfDuration(ms: number) {
  const first = units.findIndex((unit) => ms >= unit.ms)
  if (first < 0) return []
  let left = ms
  return units.slice(first, first + 2).flatMap((unit) => {
    const count = Math.floor(left / unit.ms)
    left %= unit.ms
    return count === 0 ? [] : [{ count, unit }]
  })
}

/**
 * An instant as the clocks of a zone show it: `Sun 22 Nov 2026, 03:00 Europe/Riga`; with seconds
 * only where there are some.
 */
export function instantInWords(at: number, timeZone: string): string {
  const [day, time] = [dayInWords(at, timeZone), timeOfDay(at, timeZone)]
  return `${day}, ${time} ${timeZone}${offsetSuffix(at, timeZone)}`
}

/** The day of an instant in a zone: `Sun 22 Nov 2026`. */
export function dayInWords(at: number, timeZone: string): string {
  const { weekday, day, month, year } = partsOf(at, timeZone)
  return `${weekday} ${day} ${month} ${year}`
}

/** The time of day in a zone: `03:00`, with seconds only where there are some. */
export function timeOfDay(at: number, timeZone: string): string {
  const { hour, minute, second } = partsOf(at, timeZone)
  return second === '00' ? `${hour}:${minute}` : `${hour}:${minute}:${second}`
}

/** An instant in a list whose heading names the zone: `22 Nov 03:00:00`. */
export function shortInstant(at: number, timeZone: string): string {
  const { day, month, hour, minute, second } = partsOf(at, timeZone)
  return `${day} ${month} ${hour}:${minute}:${second}${offsetSuffix(at, timeZone)}`
}

/**
 * An instant in a sentence that names the zone, told as far as it needs to be at `now`: `03:30`,
 * `Sun 22 Nov 03:30`, `Sat 22 Nov 2025 03:30`; with seconds only where there are some.
 */
export function nearInstant(at: number, now: number, timeZone: string): string {
  const { weekday, day, month, year, hour, minute, second } = partsOf(at, timeZone)
  const today = partsOf(now, timeZone)
  const isToday = today.year === year && today.month === month && today.day === day
  const date = `${weekday} ${Number(day)} ${month}${today.year === year ? '' : ` ${year}`} `
  const time = second === '00' ? `${hour}:${minute}` : `${hour}:${minute}:${second}`
  return `${isToday ? '' : date}${time}${offsetSuffix(at, timeZone)}`
}

/** Such an instant with its preposition: `at 03:30`, `on Sun 22 Nov 03:30`. */
export function on(instant: string): string {
  return `${/^\d/.test(instant) ? 'at' : 'on'} ${instant}`
}

/**
 * Where the clocks are about to change or just have, a time of day may come twice: there, and only
 * there, the offset is told.
 */
function offsetSuffix(at: number, timeZone: string): string {
  const isNearChange =
    offsetAt(at - LONGEST_OVERLAP_MS, timeZone) !== offsetAt(at + LONGEST_OVERLAP_MS, timeZone)
  return isNearChange ? ` (${offsetInWords(offsetAt(at, timeZone))})` : ''
}

/** The distance of a zone's clocks to UTC, of the data that schedules are evaluated on. */
function offsetAt(at: number, timeZone: string): number {
  return clockSpanAt(timeZone, at).offsetMs
}

/** As in `UTC+5:45`. Offsets of this century are whole minutes. */
function offsetInWords(offsetMs: number): string {
  const [hours, minutes] = [
    Math.floor(Math.abs(offsetMs) / HOUR_MS),
    (Math.abs(offsetMs) % HOUR_MS) / 60_000,
  ]
  return `UTC${offsetMs < 0 ? '-' : '+'}${hours}${minutes === 0 ? '' : `:${minutes.toString().padStart(2, '0')}`}`
}

type Parts = Readonly<
  Record<'weekday' | 'day' | 'month' | 'year' | 'hour' | 'minute' | 'second', string>
>

const shownInUtc =
  /^(?<weekday>\w+), (?<day>\d+) (?<month>\w+) (?<year>-?\d+) (?<hour>\d+):(?<minute>\d+):(?<second>\d+)/

function partsOf(at: number, timeZone: string): Parts {
  return shownInUtc.exec(new Date(at + offsetAt(at, timeZone)).toUTCString())?.groups as Parts
}
