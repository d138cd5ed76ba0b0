import type { ClockNote } from '../../domain/schedule/clock-notes.ts'
import type {
  PreviewTerms,
  SchedulePreview,
  ScheduleWarning,
} from '../../domain/schedule/preview.ts'
import { scheduleInWords } from '../../domain/schedule/words.ts'
import { durationText } from '../../domain/wire/duration-text.ts'
import { dayInWords, instantInWords, timeOfDay } from '../../domain/wire/words.ts'
import { type Html, html } from '../html.ts'

/** A schedule as it is being written; in words what keeps it from being one. */
export type PreviewModel =
  | { readonly problem: string }
  | {
      readonly terms: PreviewTerms
      readonly preview: SchedulePreview
      /** The clocks that the reader goes by. */
      readonly ownZone: string
    }

/** What a schedule means. It stands in a form, and is asked for anew as one types. */
export function previewPart(model: PreviewModel): Html {
  if ('problem' in model) return html`<p class="soft">${model.problem}</p>`
  const { terms, preview } = model
  return html`<p><strong>${scheduleInWords(terms.schedule, terms.timeZone)}</strong></p>
    ${told(terms, preview)} ${preview.kind === 'calendar' && runs(model, preview.runs)}
    ${preview.kind === 'calendar' && preview.clockNotes.map((note) => clockNote(note, terms))}
    ${preview.warnings.map((warning) => html`<p class="warning">⚠ ${warningWords(warning)}</p>`)}`
}

function told(
  { timeZone, graceSeconds, earlySeconds = 0 }: PreviewTerms,
  preview: SchedulePreview,
): Html {
  if (preview.kind === 'period')
    return html`<p>
      You are told ${durationText(preview.toldAfterSeconds)} after a ping, if no other has come by
      then.
    </p>`
  const [first] = preview.runs
  if (first === undefined || preview.toldAt === undefined)
    return html`<p class="warning">⚠ No run is left: nobody is ever told.</p>`
  const opensAt = first - earlySeconds * 1000
  const [from, until] = [timeOfDay(opensAt, timeZone), timeOfDay(preview.toldAt, timeZone)]
  return html`<p>
    You are told on <strong>${instantInWords(preview.toldAt, timeZone)}</strong> if no ping comes
    ${earlySeconds + graceSeconds < 86_400 ? `between ${from} and ${until}` : `from ${from} until then`}.
    A ping before ${from} counts for the run before.
  </p>`
}

function runs(
  { terms, ownZone }: Extract<PreviewModel, { terms: unknown }>,
  all: readonly number[],
): Html | false {
  if (all.length === 0) return false
  const zones = [...new Set([terms.timeZone, ownZone])]
  return html`<table class="runs">
    <caption>
      Next runs
    </caption>
    <thead>
      <tr>
        ${zones.map((zone) => html`<th scope="col">${zone}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${all.map(
        (at) =>
          html`<tr>
            ${zones.map((zone) => html`<td>${runTime(at, zone)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`
}

function runTime(at: number, zone: string): Html {
  return html`<time datetime="${new Date(at).toISOString()}"
    >${dayInWords(at, zone)}, ${timeOfDay(at, zone)}</time
  >`
}

function clockNote({ at, localAt, effect }: ClockNote, { timeZone }: PreviewTerms): Html {
  const [day, time] = [dayInWords(localAt, 'UTC'), timeOfDay(localAt, 'UTC')]
  const words = {
    'left-out': `${time} does not exist, and the run is left out`,
    'made-up': `${time} does not exist, the run is at ${timeOfDay(at, timeZone)}`,
    once: `${time} comes twice, and the run is at the first`,
    twice: `${time} comes twice, and so does the run`,
  }
  return html`<p class="warning">⚠ The clocks change on ${day}: ${words[effect]}.</p>`
}

function warningWords(warning: ScheduleWarning): string {
  switch (warning.kind) {
    case 'long-grace':
      return `Grace is longer than the time between two runs, ${durationText(warning.gapSeconds)}: one that is missed is not noticed if the next comes.`
    case 'long-early':
      return `Coming early and grace together must be shorter than the time between two runs, ${durationText(warning.gapSeconds)}.`
    case 'early-of-period':
      return 'Coming early needs a cron or OnCalendar schedule, not a period.'
    case 'either-day':
      return 'Day of month and weekday are both set: cron runs on either.'
  }
}
