import { nextRunAt, type CalendarSchedule } from '../../../lambdas/domain/schedule/schedule.ts'

/** When EventBridge Scheduler runs something, in epoch milliseconds. */
export type Recurrence = {
  /** The first run later than `at`. */
  nextAfter(at: number): number
  /** The last run at or before `at`. */
  lastUntil(at: number): number
}

const unitMs: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/**
 * Reads `rate(…)` and `cron(…)`, in UTC. Rates count from the epoch, so that a run each minute
 * falls on full minutes.
 */
export function parseRecurrence(expression: string): Recurrence {
  const [, amount, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? []
  if (amount !== undefined) return rate(Number(amount) * (unitMs[unit] ?? NaN))
  const fields = /^cron\(([^)]+)\)$/.exec(expression)?.[1]?.split(' ') ?? []
  const [minute, hour, day, month, weekday = '', year] = fields
  // AWS numbers the weekdays otherwise than a crontab does.
  if (fields.length !== 6 || year !== '*' || /\d/.test(weekday))
    throw new Error(`the local stack does not know the schedule ${expression}`)
  const crontab = [minute, hour, day, month, weekday]
    .map((field) => (field === '?' ? '*' : field))
    .join(' ')
  return calendar({ kind: 'cron', expression: crontab })
}

function rate(everyMs: number): Recurrence {
  const lastUntil = (at: number) => Math.floor(at / everyMs) * everyMs
  return { nextAfter: (at) => lastUntil(at) + everyMs, lastUntil }
}

/** The recurrence of a calendar schedule, which runs at least once a month. */
function calendar(schedule: CalendarSchedule): Recurrence {
  const nextAfter = (at: number) => nextRunAt(schedule, 'UTC', at) ?? Infinity
  return {
    nextAfter,
    lastUntil: (at) => lastOf(nextAfter, { after: at - 32 * (unitMs['day'] ?? 0), until: at }),
  }
}

function lastOf(
  nextAfter: (at: number) => number,
  { after, until }: { readonly after: number; readonly until: number },
): number {
  let last = -Infinity
  for (let at = nextAfter(after); at <= until; at = nextAfter(at)) last = at
  return last
}
