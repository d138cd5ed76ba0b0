import type { Project } from '../../domain/people/project.ts'
import { nameOfActor } from '../../domain/people/audit.ts'
import type { CheckDelivery } from '../../domain/telling/check-delivery.ts'
import type { Check } from '../../domain/watching/check.ts'
import type { CheckEvent } from '../../domain/watching/check-event.ts'
import type { Flip } from '../../domain/watching/flip.ts'
import { shortDuration } from '../../domain/wire/words.ts'
import { type Html, html } from '../html.ts'
import { checkCrumbs } from '../parts/check-links.ts'
import type { WebPage } from '../parts/frame.ts'
import { statusMark } from '../parts/status.ts'
import { absoluteTime, type Reader } from '../parts/time.ts'
import { changesInWords } from './audit.ts'

type Events = {
  readonly project: Project
  readonly check: Check
  readonly events: readonly CheckEvent[]
  readonly reader: Reader
  /** What a channel is called, by its id. */
  readonly channelName: (id: string) => string
}

export function checkEventsPage(events: Events): WebPage {
  return {
    title: 'Events',
    section: 'Checks',
    content: html`${checkCrumbs(events.project, events.check)}
      <div class="head"><h1>Events</h1></div>
      <p class="soft">Times in ${events.reader.timeZone}.</p>
      ${eventsList(events)}`,
  }
}

/** What happened to a check, newest first. */
export function eventsList({
  events,
  reader,
  channelName,
}: Omit<Events, 'project' | 'check'>): Html {
  if (events.length === 0) return html`<p>Nothing has happened to it yet.</p>`
  return html`<ul class="events">
    ${events.map(
      (event) =>
        html`<li>
          ${absoluteTime(event.at, reader)} <span>${eventInWords(event, channelName)}</span>
        </li>`,
    )}
  </ul>`
}

function eventInWords(event: CheckEvent, channelName: Events['channelName']): Html {
  switch (event.kind) {
    case 'flip':
      return flipInWords(event.flip)
    case 'delivery':
      return deliveryInWords(event.delivery, channelName(event.delivery.channelId))
    case 'change':
      return html`✎ ${nameOfActor(event.entry.actor)}: ${event.entry.action.replaceAll('-', ' ')}
      ${changesInWords(event.entry.changes, channelName)}`
  }
}

function flipInWords({ status, from, reason, at, downSinceAt }: Flip): Html {
  const why = reason === 'timeout' ? 'no ping came in time' : reason === 'fail' ? 'it failed' : ''
  const length = downSinceAt === undefined ? '' : ` for ${shortDuration(at - downSinceAt)}`
  return html`${statusMark(status)} was ${from}${length}${why !== '' && `: ${why}`}`
}

const stateWords = {
  sending: 'is being told',
  waiting: 'could not be told yet, and is tried again',
  sent: 'was told',
  failed: 'could not be told',
} as const

function deliveryInWords(delivery: CheckDelivery, name: string): Html {
  const { change, telling = 0, state, error } = delivery
  const what = telling > 0 ? `still ${change.status}` : change.status
  return html`✉ ${name} ${stateWords[state]}:
  ${what}${error !== undefined && html` <span class="error">${error}</span>`}`
}
