import type { Project } from '../../domain/people/project.ts'
import { type Check, uniqueKeyOf } from '../../domain/watching/check.ts'
import type { Flip } from '../../domain/watching/flip.ts'
import { durationInWords } from '../../domain/wire/words.ts'
import { type Html, html } from '../html.ts'
import type { WebPage } from '../parts/frame.ts'
import { statusMark } from '../parts/status.ts'
import { absoluteTime, type Reader } from '../parts/time.ts'
import { projectPath } from '../route.ts'

type Event = { readonly check: Check; readonly flip: Flip }

type Events = {
  readonly project: Project
  readonly days: number
  /** Newest first. */
  readonly events: readonly Event[]
  readonly isWhole: boolean
  readonly reader: Reader
}

export function eventsPage({ project, days, events, isWhole, reader }: Events): WebPage {
  return {
    title: 'Events',
    section: 'Events',
    content: html`<div class="head"><h1>Events</h1></div>
      <p class="soft">
        What changed in the last ${days} days, newest
        first${!isWhole && html`; there is more than is shown`}. Times are those of
        ${reader.timeZone}.
      </p>
      ${
        events.length === 0
          ? html`<p class="card">No check has changed its status.</p>`
          : table(project, events, reader)
      }`,
  }
}

function table(project: Project, events: readonly Event[], reader: Reader): Html {
  return html`<table class="cards">
    <thead>
      <tr>
        <th>When</th>
        <th>Status</th>
        <th>Check</th>
        <th>What happened</th>
      </tr>
    </thead>
    <tbody>
      ${events.map(
        ({ check, flip }) =>
          html`<tr>
            <td>${absoluteTime(flip.at, reader)}</td>
            <td>${statusMark(flip.status)}</td>
            <td>
              <a href="${projectPath(project, `c/${uniqueKeyOf(check.id)}`)}"
                >${check.name === '' ? 'unnamed check' : check.name}</a
              >
            </td>
            <td>${whatHappened(flip)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function whatHappened({ status, from, reason, at, downSinceAt }: Flip): string {
  switch (status) {
    case 'down':
      return reason === 'fail' ? 'A run failed' : 'No ping came in time'
    case 'up':
      return from === 'down' ? recovery(at, downSinceAt) : 'The first success came'
    case 'paused':
      return 'Somebody paused it'
    case 'new':
      return 'Somebody resumed it'
  }
}

function recovery(at: number, downSinceAt: number | undefined): string {
  const time = downSinceAt === undefined ? '' : ` after ${durationInWords(at - downSinceAt)}`
  return `It came up again${time}`
}
