import { shortDuration } from '../../domain/wire/words.ts'
import { type Html, html } from '../html.ts'

/** One run that reported its start: how long it took, and whether it failed. */
export type ChartedRun = { readonly durationMs: number; readonly hasFailed: boolean }

/** Bars stand on 3 units each; the picture is stretched to its place. */
const STEP = 3
const HEIGHT = 100
const MOST_RUNS = 200
/** Above this ratio of longest to median, most bars would be flat. */
const LOG_SCALE_FROM = 40

/** How long the last runs took, oldest first. */
export function durationsChart(runs: readonly ChartedRun[]): Html {
  const shown = runs.slice(-MOST_RUNS)
  const figures = figuresOf(shown)
  const { median, slow, longest } = figures
  const isLog = longest > LOG_SCALE_FROM * Math.max(1, median)
  const heightOf = (ms: number) => heightIn(longest, isLog, ms)
  const width = Math.max(shown.length, 20) * STEP
  const words = durationsInWords(shown, figures)
  return html`<figure class="chart durations">
    <div class="scale" aria-hidden="true">
      <span>${shortDuration(longest)}</span><span>${isLog ? 'log' : ''}</span><span>0</span>
    </div>
    <svg
      viewBox="0 0 ${width} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label="How long runs took. ${words}"
    >
      <desc>${words}</desc>
      <path class="bars" d="${barsOf(shown, heightOf)}" />
      <path class="crosses" d="${crossesOf(shown, heightOf)}" />
      ${[median, slow].map((ms) => html`<path class="level" d="M0 ${HEIGHT - heightOf(ms)}h${width}" />`)}
    </svg>
    <figcaption>
      median ${shortDuration(median)} · 95 % within ${shortDuration(slow)} · longest
      ${shortDuration(longest)} · ${failuresInWords(shown)}
    </figcaption>
  </figure>`
}

type Figures = { readonly median: number; readonly slow: number; readonly longest: number }

function figuresOf(runs: readonly ChartedRun[]): Figures {
  const sorted = runs.map(({ durationMs }) => durationMs).toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0
  return { median: at(0.5), slow: at(0.95), longest: sorted.at(-1) ?? 0 }
}

function durationsInWords(runs: readonly ChartedRun[], figures: Figures): string {
  const { median, slow, longest } = figures
  const last = runs.at(-1)?.durationMs ?? 0
  return `${runs.length} runs: median ${shortDuration(median)}, 95 % within ${shortDuration(slow)}, longest ${shortDuration(longest)}, last ${shortDuration(last)}, ${failuresInWords(runs)}.`
}

function failuresInWords(runs: readonly ChartedRun[]): string {
  const count = runs.filter(({ hasFailed }) => hasFailed).length
  return count === 0 ? 'none failed' : `${count} failed ×`
}

function heightIn(longest: number, isLog: boolean, ms: number): number {
  const share = isLog ? Math.log1p(ms) / Math.log1p(longest) : ms / Math.max(1, longest)
  return Math.max(1, Math.round(share * (HEIGHT - 10)))
}

type HeightOf = (ms: number) => number

/** One path for all bars: each is a line upwards from the ground. */
function barsOf(runs: readonly ChartedRun[], heightOf: HeightOf): string {
  return runs
    .map(({ durationMs }, index) => `M${index * STEP + 1.5} ${HEIGHT}v-${heightOf(durationMs)}`)
    .join('')
}

function crossesOf(runs: readonly ChartedRun[], heightOf: HeightOf): string {
  return runs
    .flatMap(({ durationMs, hasFailed }, index) =>
      hasFailed ? [`M${index * STEP} ${HEIGHT - heightOf(durationMs) - 8}l3 6m0-6l-3 6`] : [],
    )
    .join('')
}
