import { type AuditEntry, nameOfActor } from '../../domain/people/audit.ts'
import type { Project } from '../../domain/people/project.ts'
import { durationText } from '../../domain/wire/duration-text.ts'
import { uuidPattern } from '../../domain/wire/uuid.ts'
import { type Html, html } from '../html.ts'
import type { WebPage } from '../parts/frame.ts'
import { absoluteTime, type Reader } from '../parts/time.ts'
import { projectPath } from '../route.ts'
import { settingsHead } from './settings.ts'

export const MOST_ENTRIES = 100

/** What was changed in a project: `entries` hold one more than is shown where there are more. */
type Audit = {
  readonly project: Project
  readonly entries: readonly AuditEntry[]
  readonly reader: Reader
  /** What a channel is called, by its id; undefined of one that is gone. */
  readonly channelName: ChannelNameOf
}

type ChannelNameOf = (id: string) => string | undefined

export function auditPage(audit: Audit): WebPage {
  const { project, entries, reader } = audit
  const shown = entries.slice(0, MOST_ENTRIES)
  const last = shown.at(-1)
  const older =
    entries.length > shown.length && last !== undefined
      ? `${projectPath(project, 'settings/audit')}?before=${encodeURIComponent(`${last.at}-${last.requestId}`)}`
      : undefined
  return {
    title: 'Audit',
    section: 'Settings',
    content: html`${settingsHead(project, 'Audit')}
      <p class="soft">Who changed what, for 400 days, times in ${reader.timeZone}.</p>
      ${shown.length === 0 ? html`<p>Nothing has been changed yet.</p>` : table(shown, audit)}
      ${older !== undefined && html`<p><a rel="next" href="${older}">Older ›</a></p>`}`,
  }
}

function table(entries: readonly AuditEntry[], audit: Audit): Html {
  return html`<table class="cards">
    <thead>
      <tr>
        <th scope="col">When</th>
        <th scope="col">Who</th>
        <th scope="col">What</th>
        <th scope="col">Changes</th>
      </tr>
    </thead>
    <tbody>
      ${entries.map((entry) => row(entry, audit))}
    </tbody>
  </table>`
}

function row(
  { at, actor, address, action, subject, changes }: AuditEntry,
  { reader, channelName }: Audit,
): Html {
  return html`<tr>
    <td data-label="When">${absoluteTime(at, reader)}</td>
    <td data-label="Who">
      ${nameOfActor(actor)}${address !== undefined && html` <span class="soft">${address}</span>`}
    </td>
    <td data-label="What">${action.replaceAll('-', ' ')} ${subject.name}</td>
    <td data-label="Changes">${changesInWords(changes, channelName)}</td>
  </tr>`
}

/** What is read first; the rest follows by the alphabet. The database keeps no order. */
const firstFields = ['name', 'slug', 'tags', 'schedule', 'timeZone', 'grace', 'channels']

/** Each field as it was and as it is. Channels have their names, as long as they are there. */
export function changesInWords(changes: AuditEntry['changes'], channelName: ChannelNameOf): Html {
  const placeOf = (field: string) => `${firstFields.indexOf(field) + 1 || 9} ${field}`
  const all = Object.entries(changes).toSorted(([one], [other]) =>
    placeOf(one) < placeOf(other) ? -1 : 1,
  )
  return html`${all.map(([field, sides]) => {
    const [before, after] = sides.map((text) => withNames(field, text, channelName))
    return html`<div>
      <span class="soft">${fieldInWords(field)}</span>
      ${before !== '' && html`<del>${before}</del> → `}${after === '' ? html`<span class="soft">nothing</span>` : after}
    </div>`
  })}`
}

/** `startKeywords` is for programs. */
function fieldInWords(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

const anyUuid = new RegExp(uuidPattern, 'g')

function withNames(field: string, text: string, channelName: ChannelNameOf): string {
  const name = (id: string) => channelName(id) ?? id
  const [, every = '', seconds] = /^(every )?(\d+) s$/.exec(text) ?? []
  if (seconds !== undefined) return every + durationText(Number(seconds))
  if (field !== 'channels') return text.replace(anyUuid, name)
  return text === '' ? '' : text.split(' ').map(name).join(', ')
}
