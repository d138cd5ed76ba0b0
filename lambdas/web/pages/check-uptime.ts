import { daysUntil, monthsUntil, type Period } from '../../domain/schedule/local-days.ts'
import { deadlineOf } from '../../domain/watching/deadline.ts'
import { onTimeRunsOf } from '../../domain/watching/on-time-runs.ts'
import { type History, percentOf, shareInPercent, uptimeOf } from '../../domain/watching/uptime.ts'
import type { CheckView } from '../check-reading.ts'
import { daysChart, monthsTable } from '../charts/days.ts'
import { type Html, html } from '../html.ts'

const DAYS = 90
const MONTHS = 12
const DAY_MS = 86_400_000
const COUNTED_DAYS = [30, DAYS]

/** The last ninety days and twelve months, by the reader's clocks. */
export function uptimeCard(view: CheckView): Html {
  const { held, reader } = view
  const [history, excused] = [historyOf(view), excusedOf(held, reader)]
  const uptimes = (periods: readonly Period[]) =>
    periods.map(({ name, ...span }) => ({ name, uptime: uptimeOf([history], span, excused) }))
  const days = daysUntil(reader.now, DAYS, reader.timeZone)
  const whole = uptimeOf([history], { from: days[0]?.from ?? 0, to: reader.now }, excused)
  return html`<section class="card">
    <h2>Last ${DAYS} days</h2>
    ${daysChart(uptimes(days), whole)}
    ${
      whole.observedMs > 0 &&
      html`${sharesTable(view)}
      ${monthsTable(uptimes(monthsUntil(reader.now, MONTHS, reader.timeZone)))}`
    }
  </section>`
}

function historyOf({ held: { check, heartbeat }, flips }: CheckView): History {
  const { status, since } = heartbeat
  return { createdAt: check.createdAt, status, since, flips }
}

function excusedOf({ leeway }: CheckView['held'], { now }: CheckView['reader']) {
  return leeway.intervals.map(({ startedAt, endedAt = now }) => ({ from: startedAt, to: endedAt }))
}

/** A job that misses one of thirty runs may have been up in 99 % of the time: both are named. */
function sharesTable(view: CheckView): Html {
  const { held, reader } = view
  const { check, heartbeat, leeway } = held
  const history = historyOf(view)
  const spans = COUNTED_DAYS.map((days) => ({ from: reader.now - days * DAY_MS, to: reader.now }))
  const times = spans.map((span) => uptimeOf([history], span, excusedOf(held, reader)))
  // What the sweep has yet to judge is not counted.
  const judgedUntil = Math.min(reader.now, deadlineOf(heartbeat, leeway) ?? Infinity)
  const runs = spans.map((span) =>
    onTimeRunsOf(history, { ...check, leeway }, { ...span, to: judgedUntil }),
  )
  const isCounted = runs.some((each) => each !== undefined)
  return html`<table class="shares">
      <thead>
        <tr>
          <td></td>
          ${COUNTED_DAYS.map((days) => html`<th scope="col" class="number">${days} days</th>`)}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Time up</th>
          ${times.map((time) => html`<td class="number">${percentOf(time) ?? '–'}</td>`)}
        </tr>
        ${
          isCounted &&
          html`<tr>
            <th scope="row">Runs on time</th>
            ${runs.map((each) => html`<td class="number">${runsInWords(each)}</td>`)}
          </tr>`
        }
      </tbody>
    </table>
    ${
      isCounted &&
      html`<p class="soft">
        A run is on time if the check was up at its deadline, by its schedule and grace as they are
        now.
      </p>`
    }`
}

function runsInWords(runs: ReturnType<typeof onTimeRunsOf>): string {
  const percent = runs && shareInPercent(runs.onTime, runs.expected)
  if (runs === undefined || percent === undefined) return '–'
  return `${percent} (${runs.onTime} of ${runs.expected})`
}
