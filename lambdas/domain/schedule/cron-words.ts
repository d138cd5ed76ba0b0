/** More than these make a sentence that nobody reads. */
const MOST_NAMED = 4

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const ordinals = ['first', 'second', 'third', 'fourth', 'fifth']

/** `often` runs many times a day; otherwise it is at times that can be told one by one. */
type Times = { readonly words: string; readonly isOften: boolean }
type Days = { readonly atTimes: string; readonly often: string }

/**
 * A cron expression as people say it: `Monday to Friday at 03:05`. Undefined for one that can't be
 * said in a few words. cronstrue knows all of them, but says "and" where either day field is
 * enough.
 */
export function cronInWords(expression: string): string | undefined {
  const fields = expression.trim().toUpperCase().split(/\s+/)
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields
  const times = fields.length === 5 ? timesOf(minute, hour) : undefined
  const days = daysOf(day, month, weekday)
  if (times === undefined || days === undefined) return undefined
  return times.isOften ? `${times.words}${days.often}` : `${days.atTimes} ${times.words}`
}

function timesOf(minute: string, hour: string): Times | undefined {
  const minutes = numbersOf(minute, 0, 59)
  const words = minutes === undefined ? stepInWords(minute, hour) : fixedInWords(minutes, hour)
  if (words !== undefined) return { words, isOften: true }
  const hours = numbersOf(hour, 0, 23)
  if (minutes === undefined || hours === undefined) return undefined
  if (minutes.length * hours.length > MOST_NAMED) return undefined
  const times = hours.flatMap((each) => minutes.map((past) => clock(each, past)))
  return { words: `at ${listed(times)}`, isOften: false }
}

/** Of minutes that are `*` or every so many. */
function stepInWords(minute: string, hour: string): string | undefined {
  const step = stepOf(minute, 60)
  if (step === undefined) return undefined
  const every = step === 1 ? 'every minute' : `every ${step} minutes`
  if (hour === '*') return every
  const hours = spanOf(hour, 0, 23)
  return hours && `${every} from ${clock(hours.from, 0)} to ${clock(hours.to, 60 - step)}`
}

/** Of minutes that are told, in hours that are not. */
function fixedInWords(minutes: readonly number[], hour: string): string | undefined {
  if (minutes.length > MOST_NAMED) return undefined
  const past = listed(minutes.map(twoDigits))
  const step = stepOf(hour, 24)
  if (step !== undefined) return `every ${step === 1 ? 'hour' : `${step} hours`} at ${past} past`
  const hours = hour.includes('-') ? spanOf(hour, 0, 23) : undefined
  const [first = 0, ...others] = minutes
  if (hours === undefined || others.length > 0) return undefined
  return `every hour from ${clock(hours.from, first)} to ${clock(hours.to, first)}`
}

function daysOf(day: string, month: string, weekday: string): Days | undefined {
  if (month === '*' && weekday === '*') return day === '*' ? everyDay : daysOfMonth(day)
  if (month === '*' && day === '*') return daysOfWeek(weekday)
  const ofYear = weekday === '*' ? numbersOf(day, 1, 31) : undefined
  const named = numbersOf(month, 1, 12, months)
  if (ofYear === undefined || named === undefined) return undefined
  if (ofYear.length * named.length > MOST_NAMED) return undefined
  const dates = named.flatMap((each) => ofYear.map((date) => `${date} ${months[each - 1] ?? ''}`))
  return bothWays(`on ${listed(dates)}`)
}

const everyDay: Days = { atTimes: 'every day', often: '' }

function daysOfMonth(day: string): Days | undefined {
  if (day === 'L') return bothWays('on the last day of each month')
  if (day === 'LW') return bothWays('on the last workday of each month')
  const days = numbersOf(day, 1, 31)
  if (days === undefined || days.length > MOST_NAMED) return undefined
  return bothWays(`on day ${listed(days.map(String))} of each month`)
}

function daysOfWeek(weekday: string): Days | undefined {
  const [base = '', nth] = weekday.split('#')
  const last = /^[0-7]L$/.test(weekday)
  const number = numbersOf(last ? weekday.slice(0, 1) : base, 0, 7, weekdays)
  if (number === undefined) return spanOfWeek(weekday)
  const names = [...new Set(number.map((each) => weekdays[each % 7] ?? ''))]
  if (last) return bothWays(`on the last ${listed(names)} of each month`)
  if (nth !== undefined) {
    const which = ordinals[Number(nth) - 1]
    return which === undefined || names.length > 1
      ? undefined
      : bothWays(`on the ${which} ${listed(names)} of each month`)
  }
  return names.length === 1
    ? { atTimes: `every ${listed(names)}`, often: ` on ${listed(names)}s` }
    : { atTimes: listed(names), often: `, ${listed(names)}` }
}

function spanOfWeek(weekday: string): Days | undefined {
  const span = spanOf(weekday, 0, 7, weekdays)
  if (span === undefined || span.to - span.from >= 6) return undefined
  const words = `${weekdays[span.from % 7] ?? ''} to ${weekdays[span.to % 7] ?? ''}`
  return { atTimes: words, often: `, ${words}` }
}

function bothWays(words: string): Days {
  return { atTimes: words, often: `, ${words}` }
}

/** Every so many of a field, when they come round evenly; `*` is every one. */
function stepOf(text: string, size: number): number | undefined {
  if (text === '*') return 1
  const step = Number(/^\*\/([0-9]{1,2})$/.exec(text)?.[1] ?? Number.NaN)
  return step > 0 && step < size && size % step === 0 ? step : undefined
}

/** Single values, in their order. */
function numbersOf(
  text: string,
  from: number,
  to: number,
  names: readonly string[] = [],
): readonly number[] | undefined {
  const values = text.split(',').map((each) => numberOf(each, from, names))
  const known = values.filter((value) => value !== undefined && value >= from && value <= to)
  if (known.length < values.length) return undefined
  return [...new Set(known as number[])].toSorted((one, other) => one - other)
}

function spanOf(text: string, from: number, to: number, names: readonly string[] = []) {
  const [first = '', last = first, ...rest] = text.split('-')
  const [start, end] = [numberOf(first, from, names), numberOf(last, from, names)]
  if (start === undefined || end === undefined || rest.length > 0) return undefined
  return start >= from && end <= to && start <= end ? { from: start, to: end } : undefined
}

function numberOf(text: string, from: number, names: readonly string[]): number | undefined {
  if (/^[0-9]{1,2}$/.test(text)) return Number(text)
  const index = names.findIndex((name) => name.slice(0, 3).toUpperCase() === text)
  return index < 0 ? undefined : index + from
}

function clock(hour: number, minute: number): string {
  return `${twoDigits(hour)}:${twoDigits(minute)}`
}

function twoDigits(value: number): string {
  return value.toString().padStart(2, '0')
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
