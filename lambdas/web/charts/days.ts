import { percentOf, type Uptime } from '../../domain/watching/uptime.ts'
import { shortDuration } from '../../domain/wire/words.ts'
import { type Html, html } from '../html.ts'

/** A day or month by its name, and what is known of it. */
export type PeriodUptime = { readonly name: string; readonly uptime: Uptime }

const STEP = 4
const HEIGHT = 30
/** A day with any time down stays at least so much below the others. */
const LEAST_GAP = 6
const MOST_NAMED = 10

/** Each day as a bar: whole when the check was never down in it, flat when it was not watched. */
export function daysChart(days: readonly PeriodUptime[], whole: Uptime): Html {
  const words = daysInWords(days, whole)
  const barsWhere = (isWanted: (uptime: Uptime) => boolean) =>
    days
      .flatMap(({ uptime }, index) =>
        isWanted(uptime) ? [`M${index * STEP + 2} ${HEIGHT}v-${heightOf(uptime)}`] : [],
      )
      .join('')
  return html`<figure class="chart days">
    <svg
      viewBox="0 0 ${days.length * STEP} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label="The last ${days.length} days. ${words}"
    >
      <desc>${words}</desc>
      <path class="unknown" d="${barsWhere(isUnknown)}" />
      <path class="up" d="${barsWhere((uptime) => !isUnknown(uptime) && uptime.downMs === 0)}" />
      <path class="down" d="${barsWhere(({ downMs }) => downMs > 0)}" />
    </svg>
    <figcaption>${summaryOf(whole)}</figcaption>
  </figure>`
}

/** The months that were watched, latest first. */
export function monthsTable(months: readonly PeriodUptime[]): Html {
  const shown = months.filter(({ uptime }) => !isUnknown(uptime)).toReversed()
  return html`<table class="months">
    <thead>
      <tr>
        <th scope="col">Month</th>
        <th scope="col" class="number">Up</th>
        <th scope="col" class="number">Times down</th>
        <th scope="col" class="number">Time down</th>
      </tr>
    </thead>
    <tbody>
      ${shown.map(
        ({ name, uptime }) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td class="number">${percentOf(uptime)}</td>
            <td class="number">${uptime.downtimes}</td>
            <td class="number">${uptime.downMs === 0 ? '–' : shortDuration(uptime.downMs)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function isUnknown({ observedMs }: Uptime): boolean {
  return observedMs === 0
}

function heightOf(uptime: Uptime): number {
  if (isUnknown(uptime)) return 2
  if (uptime.downMs === 0) return HEIGHT
  const share = 1 - uptime.downMs / uptime.observedMs
  return Math.max(3, Math.min(HEIGHT - LEAST_GAP, Math.round(share * HEIGHT)))
}

function summaryOf(whole: Uptime): string {
  const percent = percentOf(whole)
  if (percent === undefined) return 'Not watched yet'
  return whole.downtimes === 0
    ? `${percent} up`
    : `${percent} up · down ${timesInWords(whole.downtimes)}, ${shortDuration(whole.downMs)}`
}

function timesInWords(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

function daysInWords(days: readonly PeriodUptime[], whole: Uptime): string {
  const down = days.filter(({ uptime }) => uptime.downMs > 0).toReversed()
  const named = down
    .slice(0, MOST_NAMED)
    .map(({ name, uptime }) => `${name} ${shortDuration(uptime.downMs)}`)
  const more = down.length > named.length ? ` and ${down.length - named.length} more days` : ''
  return down.length === 0
    ? `${summaryOf(whole)}.`
    : `${summaryOf(whole)}; on ${named.join(', ')}${more}.`
}
