import { may } from '../../domain/people/role.ts'
import type { CheckDelivery } from '../../domain/telling/check-delivery.ts'
import { cronInWords } from '../../domain/schedule/cron-words.ts'
import { nextRunAt } from '../../domain/schedule/schedule.ts'
import { periodInWords, scheduleInShort, scheduleInWords } from '../../domain/schedule/words.ts'
import type { Check } from '../../domain/watching/check.ts'
import { rulesInWords } from '../../domain/watching/rules-in-words.ts'
import { stretchAt, type Window } from '../../domain/watching/window.ts'
import { instantInWords } from '../../domain/wire/words.ts'
import type { CheckView } from '../check-reading.ts'
import { type Html, html } from '../html.ts'
import { testButton } from '../parts/channel-test.ts'
import { checkPath } from '../parts/check-links.ts'
import { relativeTime, type Reader } from '../parts/time.ts'

const NEXT_RUNS = 3

/** What a check asks for, and whom it tells. */
export function definitionCards(view: CheckView): Html {
  return html`${scheduleCard(view)} ${rulesCard(view)} ${tellsCard(view)}`
}

function scheduleCard({ held, reader }: CheckView): Html {
  const { check } = held
  const runs = nextRuns(check, reader.now)
  return html`<section class="card">
    <h2>Schedule</h2>
    <p>${scheduleWords(check)}, grace ${periodInWords(check.graceSeconds)}</p>
    ${
      runs.length > 0 &&
      html`<p>
        Next: ${runs.map((at, index) => html`${index > 0 && ' · '}${nextTime(at, check, reader)}`)}
      </p>`
    }
  </section>`
}

function scheduleWords({ schedule, timeZone }: Check): Html {
  const short = scheduleInShort(schedule, timeZone, timeZone)
  if (schedule.kind === 'simple') return html`${scheduleInWords(schedule, timeZone)}`
  if (schedule.kind === 'oncalendar') return html`<code>${schedule.expression}</code> ${timeZone}`
  const words = cronInWords(schedule.expression)
  return html`<code>${short}</code> ${words !== undefined && html`${words},`} ${timeZone}`
}

function nextTime(at: number, { timeZone }: Check, { now }: Reader): Html {
  const words = instantInWords(at, timeZone).replace(` ${timeZone}`, '')
  return html`<span title="${relativeWords(at, now)}">${words}</span>`
}

function relativeWords(at: number, now: number): string {
  return `in ${periodInWords(Math.max(60, Math.round((at - now) / 60_000) * 60))}`
}

/** The next runs that stand in the calendar; a period has none but after its next ping. */
function nextRuns({ schedule, timeZone }: Check, now: number): readonly number[] {
  if (schedule.kind === 'simple') return []
  const runs: number[] = []
  while (runs.length < NEXT_RUNS) {
    const run = nextRunAt(schedule, timeZone, runs.at(-1) ?? now)
    if (run === undefined) break
    runs.push(run)
  }
  return runs
}

function rulesCard(view: CheckView): Html | false {
  const { held, windows, reader, channelName } = view
  const all = [
    ...rulesInWords(held.check, channelName),
    ...windows.map((each) => windowInWords(each, reader)),
  ]
  if (all.length === 0) return false
  return html`<section class="card">
    <h2>Rules</h2>
    <ul>
      ${all.map((words) => html`<li>${words}</li>`)}
    </ul>
  </section>`
}

function windowInWords(window: Window, { now, timeZone }: Reader): string {
  const stretch = stretchAt(window, now)
  const name = `Maintenance window ${window.name}`
  if (stretch === undefined) return `${name}: past`
  return stretch.startedAt <= now
    ? `${name}: open until ${instantInWords(stretch.endedAt, timeZone)}`
    : `${name}: next ${instantInWords(stretch.startedAt, timeZone)}, ${periodInWords(window.lengthSeconds)} long`
}

export function tellsCard(view: CheckView): Html {
  const { project, held, role } = view
  const { channelIds } = held.check
  const { channels, unreadable } = view.known
  const told = [...channels, ...unreadable].filter(({ id }) => channelIds.includes(id))
  return html`<section class="card" data-part="tells">
    <h2>Tells</h2>
    ${
      told.length === 0
        ? html`<p>
            Nobody.
            ${
              may(role, 'change') &&
              html`<a href="${checkPath(project, held.check, 'edit')}">Choose channels</a>`
            }
          </p>`
        : html`<ul class="tells">
            ${told.map(({ id }) => toldChannel(view, id))}
          </ul>`
    }
  </section>`
}

function toldChannel(
  { project, role, known, channelName, deliveries, reader }: CheckView,
  id: string,
): Html {
  const channel = known.channels.find((each) => each.id === id)
  return html`<li>
    <span>${channelName(id)} ${outcomeInWords(id, deliveries, reader)}</span>
    ${may(role, 'change') && channel !== undefined && testButton(project, channel, channelName(id))}
  </li>`
}

/** What became of the last delivery about this check to a channel. */
function outcomeInWords(id: string, deliveries: readonly CheckDelivery[], reader: Reader): Html {
  const last = deliveries.find(({ channelId }) => channelId === id)
  if (last === undefined) return html`<span class="soft">was not told anything yet</span>`
  const words = { sending: 'being sent', waiting: 'tried again', sent: 'sent', failed: 'failed' }
  return html`<span class="${last.state === 'failed' ? 'error' : 'soft'}"
    >${words[last.state]}
    ${relativeTime(last.at, reader)}${last.error !== undefined && `: ${last.error}`}</span
  >`
}
