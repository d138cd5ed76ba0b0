import { expressionsOf } from '../schedule/on-calendar.ts'
import type { Schedule } from '../schedule/schedule.ts'

/** A schedule as another scheduler writes it; not exact where that can't say it. */
export type Equivalent = { readonly text: string; readonly isExact: boolean }

const MINUTES_OF_DAY = 1440

/** What cron of any kind understands. */
const plainCron = /^[\d*,/A-Za-z-]+( [\d*,/A-Za-z-]+){4}$/
const ownForms = /L|#/i

export function asCron(schedule: Schedule): Equivalent {
  switch (schedule.kind) {
    case 'cron': {
      const text = schedule.expression.trim().split(/\s+/).join(' ')
      return plainCron.test(text) && !ownForms.test(withoutNames(text))
        ? { text, isExact: true }
        : daily
    }
    case 'simple':
      return periodAsCron(schedule.periodSeconds)
    case 'oncalendar':
      return daily
  }
}

/** Month and day names have an L in them. */
function withoutNames(text: string): string {
  return text.replace(/[A-Z]{3}/gi, '')
}

const daily: Equivalent = { text: '0 3 * * *', isExact: false }

function periodAsCron(seconds: number): Equivalent {
  const minutes = seconds / 60
  if (!Number.isInteger(minutes)) return daily
  if (minutes === 1) return { text: '* * * * *', isExact: true }
  if (minutes < 60 && 60 % minutes === 0) return { text: `*/${minutes} * * * *`, isExact: true }
  if (minutes === 60) return { text: '0 * * * *', isExact: true }
  const hours = minutes / 60
  if (hours < 24 && 24 % hours === 0) return { text: `0 */${hours} * * *`, isExact: true }
  if (minutes === MINUTES_OF_DAY) return { text: '0 3 * * *', isExact: true }
  if (minutes === 7 * MINUTES_OF_DAY) return { text: '0 3 * * 1', isExact: true }
  return daily
}

/** Lines for the timer of systemd. */
export function asTimer(schedule: Schedule, timeZone: string): Equivalent {
  switch (schedule.kind) {
    case 'simple':
      return {
        text: `OnActiveSec=1min\nOnUnitActiveSec=${schedule.periodSeconds}s`,
        isExact: true,
      }
    case 'oncalendar':
      return {
        text: expressionsOf(schedule.expression)
          .map((each) => `OnCalendar=${each.text} ${each.timeZone ?? timeZone}`)
          .join('\n'),
        isExact: true,
      }
    case 'cron': {
      const text = cronAsCalendar(schedule.expression)
      return text === undefined
        ? { text: `OnCalendar=*-*-* 03:00:00 ${timeZone}`, isExact: false }
        : { text: `OnCalendar=${text} ${timeZone}`, isExact: true }
    }
  }
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Cron in the words of systemd, which needs both day fields where cron may need one. */
function cronAsCalendar(expression: string): string | undefined {
  const fields = expression.trim().split(/\s+/)
  const parts = fields.slice(0, 4).map((field, index) => part(field, index >= 2 ? 1 : 0))
  const [minute, hour, day, month] = parts
  const weekday = weekdaysOf(fields[4] ?? '')
  if (minute === undefined || hour === undefined || weekday === undefined) return undefined
  if (day === undefined || month === undefined || (day !== '*' && weekday !== '')) return undefined
  return `${weekday}*-${month}-${day} ${hour}:${minute}:00`
}

function part(field: string, first: number): string | undefined {
  if (field === '*') return '*'
  const terms = field.split(',').map((term) => {
    const [, base = '', step] = /^(\*|\d+(?:-\d+)?)(\/\d+)?$/.exec(term) ?? []
    return base === ''
      ? undefined
      : `${base === '*' ? first : base.replace('-', '..')}${step ?? ''}`
  })
  return terms.includes(undefined) ? undefined : terms.join(',')
}

function weekdaysOf(field: string): string | undefined {
  if (field === '*') return ''
  const days = field.split(',').flatMap((term): readonly (string | undefined)[] => {
    const [, from, to = from] = /^([0-7])(?:-([0-7]))?$/.exec(term) ?? []
    if (from === undefined) return [undefined]
    const length = Number(to) - Number(from) + 1
    return Array.from({ length }, (_, index) => weekdays[(Number(from) + index) % 7])
  })
  return days.includes(undefined) ? undefined : `${[...new Set(days)].join(',')} `
}
