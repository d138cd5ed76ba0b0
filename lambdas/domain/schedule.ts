/** When a job is expected. Cron and OnCalendar expressions are evaluated in a time zone, which goes beside the schedule. */
export type Schedule =
  | { readonly kind: 'simple'; readonly periodSeconds: number }
  | { readonly kind: 'cron'; readonly expression: string }
  | { readonly kind: 'oncalendar'; readonly expression: string }

/** The first run strictly later than `after` (epoch ms); undefined when there is none. */
export function nextRunAt(schedule: Schedule, timeZone: string, after: number): number | undefined {
  if (timeZone === '') throw new Error('no time zone')
  if (schedule.kind === 'simple') return after + schedule.periodSeconds * 1000
  throw new Error('not there yet')
}
