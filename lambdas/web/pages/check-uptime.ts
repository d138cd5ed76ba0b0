import { daysUntil, monthsUntil, type Period } from '../../domain/schedule/local-days.ts'
import { type History, uptimeOf } from '../../domain/watching/uptime.ts'
import type { CheckView } from '../check-reading.ts'
import { daysChart, monthsTable } from '../charts/days.ts'
import { type Html, html } from '../html.ts'

const DAYS = 90
const MONTHS = 12

/** The last ninety days and twelve months, by the reader's clocks. */
export function uptimeCard({ held, flips, reader }: CheckView): Html {
  const { check, heartbeat, leeway } = held
  const { status, since } = heartbeat
  const history: History = { createdAt: check.createdAt, status, since, flips }
  const excused = leeway.intervals.map(({ startedAt, endedAt = reader.now }) => ({
    from: startedAt,
    to: endedAt,
  }))
  const uptimes = (periods: readonly Period[]) =>
    periods.map(({ name, ...span }) => ({ name, uptime: uptimeOf([history], span, excused) }))
  const days = daysUntil(reader.now, DAYS, reader.timeZone)
  const whole = uptimeOf([history], { from: days[0]?.from ?? 0, to: reader.now }, excused)
  return html`<section class="card">
    <h2>Last ${DAYS} days</h2>
    ${daysChart(uptimes(days), whole)}
    ${whole.observedMs > 0 && monthsTable(uptimes(monthsUntil(reader.now, MONTHS, reader.timeZone)))}
  </section>`
}
