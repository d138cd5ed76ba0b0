import type { Schedule } from './schedule.ts'
import { expressionsOf } from './on-calendar.ts'

/**
 * A schedule in one line of an e-mail: `every 5 minutes`, `cron 0 3 * * * in Europe/Riga (every day
 * at 03:00)`. Only plain cron expressions are put into words. cronstrue knows all of them, but says
 * "and" where either day field is enough.
 */
export function scheduleInWords(schedule: Schedule, timeZone: string): string {
  switch (schedule.kind) {
    case 'simple':
      return `every ${periodInWords(schedule.periodSeconds)}`
    case 'cron':
      return cronInWords(schedule.expression.trim().split(/\s+/), timeZone)
    case 'oncalendar':
      return onCalendarInWords(schedule.expression, timeZone)
  }
}

const units = [
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3600 },
  { name: 'minute', seconds: 60 },
  { name: 'second', seconds: 1 },
] as const

/**
 * Shows all units of a period, because it is a setting. Lengths of time for orientation show fewer.
 */
function periodInWords(periodSeconds: number): string {
  let rest = periodSeconds
  const parts = units.flatMap(({ name, seconds }) => {
    const count = Math.floor(rest / seconds)
    rest -= count * seconds
    return count === 0 ? [] : [`${count} ${name}${count === 1 ? '' : 's'}`]
  })
  return parts.join(' ')
}

function cronInWords(fields: readonly string[], timeZone: string): string {
  const [minute = '', hour = '', ...days] = fields
  const words = days.join(' ') === '* * *' ? timesInWords(minute, hour) : undefined
  return `cron ${fields.join(' ')} in ${timeZone}${words === undefined ? '' : ` (${words})`}`
}

function timesInWords(minute: string, hour: string): string | undefined {
  const every = /^\*\/([0-9]+)$/.exec(minute)?.[1]
  const isMinute = /^[0-9]+$/.test(minute)
  if (hour === '*' && minute === '*') return 'every minute'
  if (hour === '*' && every !== undefined && 60 % Number(every) === 0)
    return `every ${every} minutes`
  if (hour === '*' && isMinute) return `every hour at ${minute.padStart(2, '0')} past`
  return isMinute && /^[0-9]+$/.test(hour)
    ? `every day at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
    : undefined
}

function onCalendarInWords(expressions: string, timeZone: string): string {
  const lines = expressionsOf(expressions).map(
    ({ text, timeZone: ownZone }) => `${text} in ${ownZone ?? timeZone}`,
  )
  return `OnCalendar ${lines.join(' and ')}`
}
