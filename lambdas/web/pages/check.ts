import { may } from '../../domain/people/role.ts'
import { publicTitleOf } from '../../domain/people/disclosure.ts'
import { tagsOf } from '../../domain/watching/check.ts'
import { durationsMs } from '../../domain/watching/duration.ts'
import type { CheckView } from '../check-reading.ts'
import { durationsChart } from '../charts/durations.ts'
import { type Html, html } from '../html.ts'
import { checkPath } from '../parts/check-links.ts'
import { managedNote } from '../parts/managed-note.ts'
import type { WebPage } from '../parts/frame.ts'
import { projectPath } from '../route.ts'
import { definitionCards, tellsCard } from './check-cards.ts'
import { eventsList } from './check-events.ts'
import { logFilters, pingsTable } from './check-log.ts'
import { type ShownSnippet, snippetCard } from './check-snippet.ts'
import { isSettling, liveRegion, stateOf } from './check-state.ts'
import { uptimeCard } from './check-uptime.ts'

const SHOWN_PINGS = 25
const SHOWN_EVENTS = 20

/** A check: what it is now and why, how it was, and how to ping it. */
export function checkPage(view: CheckView, snippet: ShownSnippet | undefined): WebPage {
  const { check } = view.held
  const title = publicTitleOf({ name: check.name })
  return {
    title,
    section: 'Checks',
    content: html`<p class="crumbs"><a href="${projectPath(view.project)}">Checks</a> ›</p>
      <div class="head">
        <h1>${title} ${tagsOf(check).map((tag) => html`<span class="tag">${tag}</span> `)}</h1>
        ${may(view.role, 'change') && actions(view)}
      </div>
      ${managedNote(check)}
      ${check.description !== '' && html`<p class="description">${check.description}</p>`}
      ${liveRegion(
        view,
        html`<div class="columns">
            ${columnsOf(view, snippet !== undefined && snippetCard(snippet))}
          </div>
          ${logSection(view)} ${eventsSection(view)}`,
      )}`,
  }
}

/** What of the page changes with the state, each part under the name of its place. */
export function changingParts(view: CheckView): Html {
  return html`${stateOf(view, isSettling(view))} ${history(view)} ${tellsCard(view)}
  ${shownPings(view)} ${shownEvents(view)}`
}

/** Of a check that was never pinged there is nothing to see but how to do it. */
function columnsOf(view: CheckView, snippet: Html | false): Html {
  return view.held.heartbeat.pingCount === 0 && view.pings.length === 0
    ? html`<div>${snippet}</div>
        <div>${definitionCards(view)}</div>`
    : html`${history(view)}
        <div>${snippet} ${definitionCards(view)}</div>`
}

function history(view: CheckView): Html {
  return html`<div data-part="history">${durationsCard(view)} ${uptimeCard(view)}</div>`
}

function actions({ project, held, reader }: CheckView): Html {
  const { check, heartbeat } = held
  const to = (rest: string) => checkPath(project, check, rest)
  const button = (rest: string, words: string, key?: string) =>
    html`<form method="post" action="${to(rest)}">
      <button ${key !== undefined && html`data-shortcut="${key}"`}>${words}</button>
    </form>`
  const isSnoozed = (heartbeat.snoozedUntil ?? 0) > reader.now
  return html`<div class="actions">
    <a class="button" href="${to('edit')}" data-shortcut="e">Edit</a>
    ${heartbeat.status === 'paused' ? button('resume', 'Resume', 'p') : button('pause', 'Pause', 'p')}
    ${isSnoozed ? button('unsnooze', 'Stop snoozing') : snoozeForm(to('snooze'))}
    <a class="button" href="${projectPath(project, 'new')}?copy=${keyIn(to(''))}">Copy</a>
    <a class="button danger" href="${to('delete')}">Delete …</a>
  </div>`
}

function keyIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function snoozeForm(action: string): Html {
  return html`<form method="post" action="${action}" class="inline">
    <label class="hidden" for="snooze">Snooze alerts for</label>
    <select id="snooze" name="seconds">
      <option value="3600">1 hour</option>
      <option value="28800">8 hours</option>
      <option value="86400">1 day</option>
      <option value="604800">1 week</option>
    </select>
    <button>Snooze</button>
  </form>`
}

function durationsCard({ pings }: CheckView): Html | false {
  const durations = durationsMs(pings)
  const runs = pings.toReversed().flatMap(({ number, type }) => {
    const durationMs = durations.get(number)
    return durationMs === undefined ? [] : [{ durationMs, hasFailed: type === 'fail' }]
  })
  if (runs.length === 0) return false
  return html`<section class="card">
    <h2>How long runs took</h2>
    ${durationsChart(runs)}
  </section>`
}

function logSection(view: CheckView): Html {
  const { project, role, reader, held } = view
  const seen = { project, role, reader, check: held.check }
  return html`<section>
    <h2>Log</h2>
    ${logFilters(seen, { type: '', until: '' })} ${shownPings(view)}
  </section>`
}

function shownPings({ project, role, reader, pings, held }: CheckView): Html {
  const seen = { project, role, reader, check: held.check }
  const shown = pings.slice(0, SHOWN_PINGS)
  return html`<div data-part="log">
    ${shown.length === 0 ? html`<p>No ping has come yet.</p>` : pingsTable(seen, shown, pings)}
    ${
      pings.length > shown.length &&
      html`<p><a href="${checkPath(project, held.check, 'log')}">All pings ›</a></p>`
    }
  </div>`
}

function eventsSection(view: CheckView): Html {
  return html`<section>
    <h2>Events</h2>
    ${shownEvents(view)}
  </section>`
}

function shownEvents({ project, held, reader, events, channelName }: CheckView): Html {
  const shown = { reader, events: events.slice(0, SHOWN_EVENTS), channelName }
  return html`<div data-part="events">
    ${eventsList(shown)}
    ${
      events.length > SHOWN_EVENTS &&
      html`<p><a href="${checkPath(project, held.check, 'events')}">All events ›</a></p>`
    }
  </div>`
}
