import { cronInWords } from './cron-words.ts'
import type { Schedule } from './schedule.ts'
import { expressionsOf } from './on-calendar.ts'

/**
 * A schedule in one line of an e-mail: `every 5 minutes`, `cron 0 3 * * * in Europe/Riga (every day
 * at 03:00)`.
 */
export function scheduleInWords(schedule: Schedule, timeZone: string): string {
  switch (schedule.kind) {
    case 'simple':
      return `every ${periodInWords(schedule.periodSeconds)}`
    case 'cron':
      return cronOnOneLine(schedule.expression, timeZone)
    case 'oncalendar':
      return onCalendarInWords(schedule.expression, timeZone)
  }
}

/**
 * The same for a column: `every 5 min`, `30 3 * * * Riga`. The zone is told when it is not the one
 * that times beside it are in.
 */
export function scheduleInShort(schedule: Schedule, timeZone: string, usualZone?: string): string {
  if (schedule.kind === 'simple') return `every ${periodInShort(schedule.periodSeconds)}`
  const zone = timeZone === usualZone ? '' : ` ${shortZone(timeZone)}`
  if (schedule.kind === 'cron') return `${oneSpaced(schedule.expression)}${zone}`
  const [first, ...others] = expressionsOf(schedule.expression)
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `${first?.text ?? ''}${first?.timeZone === undefined ? zone : ` ${shortZone(first.timeZone)}`}${more}`
}

const units = [
  { name: 'day', short: 'd', seconds: 86_400 },
  { name: 'hour', short: 'h', seconds: 3600 },
  { name: 'minute', short: 'min', seconds: 60 },
  { name: 'second', short: 's', seconds: 1 },
] as const

/**
 * Shows all units of a period, because it is a setting. Lengths of time for orientation show fewer.
 */
export function periodInWords(periodSeconds: number): string {
  return partsOfPeriod(periodSeconds)
    .map(({ count, unit }) => `${count} ${unit.name}${count === 1 ? '' : 's'}`)
    .join(' ')
}

function periodInShort(periodSeconds: number): string {
  return partsOfPeriod(periodSeconds)
    .map(({ count, unit }) => `${count} ${unit.short}`)
    .join(' ')
}

function partsOfPeriod(periodSeconds: number) {
  let rest = periodSeconds
  return units.flatMap((unit) => {
    const count = Math.floor(rest / unit.seconds)
    rest -= count * unit.seconds
    return count === 0 ? [] : [{ count, unit }]
  })
}

function cronOnOneLine(expression: string, timeZone: string): string {
  const words = cronInWords(expression)
  return `cron ${oneSpaced(expression)} in ${timeZone}${words === undefined ? '' : ` (${words})`}`
}

function oneSpaced(expression: string): string {
  return expression.trim().split(/\s+/).join(' ')
}

/** The part of a zone's name that tells it apart from others: `Riga`, `New York`. */
function shortZone(timeZone: string): string {
  return timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ')
}

function onCalendarInWords(expressions: string, timeZone: string): string {
  const lines = expressionsOf(expressions).map(
    ({ text, timeZone: ownZone }) => `${text} in ${ownZone ?? timeZone}`,
  )
  return `OnCalendar ${lines.join(' and ')}`
}
