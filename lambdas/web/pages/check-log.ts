import type { Project } from '../../domain/people/project.ts'
import { may, type Role } from '../../domain/people/role.ts'
import type { Check } from '../../domain/watching/check.ts'
import { durationsMs } from '../../domain/watching/duration.ts'
import { isMail, type LoggedPing, type PingType } from '../../domain/watching/ping.ts'
import { oneLine, shortened } from '../../domain/wire/plain-text.ts'
import { shortDuration } from '../../domain/wire/words.ts'
import { type Html, html } from '../html.ts'
import { checkCrumbs, checkPath } from '../parts/check-links.ts'
import type { WebPage } from '../parts/frame.ts'
import { absoluteTime, type Reader } from '../parts/time.ts'

export const pingTypes = ['success', 'start', 'fail', 'log', 'ign'] as const

export const typeWords: Readonly<Record<PingType, string>> = {
  success: 'Success',
  start: 'Started',
  fail: 'Failure',
  log: 'Log',
  ign: 'Ignored',
}

type LogSeen = {
  readonly project: Project
  readonly role: Role
  readonly check: Check
  readonly reader: Reader
}

/** What a log is asked for: pings of one type, until a day. */
export type LogFilter = { readonly type: PingType | ''; readonly until: string }

export type Log = LogSeen & {
  readonly filter: LogFilter
  /** Newest first, with those before them that their durations need. */
  readonly read: readonly LoggedPing[]
  readonly shown: readonly LoggedPing[]
  /** The ping that older ones come before; undefined when there are none. */
  readonly olderThan: number | undefined
}

export function logPage(log: Log): WebPage {
  const { project, check, filter, shown, olderThan } = log
  return {
    title: 'Log',
    section: 'Checks',
    content: html`${checkCrumbs(project, check)}
      <div class="head"><h1>Log</h1></div>
      ${logFilters(log, filter)}
      ${
        shown.length === 0 ? html`<p>${nothingFound(filter)}</p>` : pingsTable(log, shown, log.read)
      }
      ${
        olderThan !== undefined &&
        html`<p><a rel="next" href="${olderHref(log, olderThan)}">Older ›</a></p>`
      }`,
  }
}

function nothingFound({ type, until }: LogFilter): string {
  return type === '' && until === ''
    ? 'No ping has come yet.'
    : 'None of the pings looked through is of this kind.'
}

function olderHref({ project, check, filter }: Log, before: number): string {
  const query = new URLSearchParams({ before: before.toString() })
  if (filter.type !== '') query.set('type', filter.type)
  return `${checkPath(project, check, 'log')}?${query.toString()}`
}

/** The filters of the log, wherever they stand. */
export function logFilters({ project, check, reader }: LogSeen, filter: LogFilter): Html {
  const zones = [...new Set([reader.timeZone, check.timeZone, 'UTC'])]
  return html`<form method="get" class="inline" action="${checkPath(project, check, 'log')}">
    <label for="type">Show</label>
    <select id="type" name="type">
      <option value="">All</option>
      ${pingTypes.map(
        (type) =>
          html`<option value="${type}" ${type === filter.type && html`selected`}>
            ${typeWords[type]}
          </option>`,
      )}
    </select>
    <span class="labelled"
      ><label for="until">Until</label>
      <input type="date" id="until" name="until" value="${filter.until}"
    /></span>
    <button>Show</button>
    <span class="labelled"
      ><label for="zone" data-scripted hidden>Times in</label>
      <select id="zone" data-zone hidden>
        ${zones.map((zone) => html`<option value="${zone}">${zone}</option>`)}
      </select></span
    >
  </form>`
}

/** Pings, newest first. @param read with those before them, for the durations */
export function pingsTable(
  seen: LogSeen,
  shown: readonly LoggedPing[],
  read: readonly LoggedPing[],
): Html {
  const durations = durationsMs(read)
  return html`<table class="cards log">
    <thead>
      <tr>
        <th scope="col" class="number">No.</th>
        <th scope="col">When <span class="soft" data-zone-name>${seen.reader.timeZone}</span></th>
        <th scope="col">What</th>
        <th scope="col" class="number">Took</th>
        <th scope="col">From</th>
        <th scope="col">Body</th>
      </tr>
    </thead>
    <tbody>
      ${shown.map((ping) => pingRow(seen, ping, durations.get(ping.number)))}
    </tbody>
  </table>`
}

function pingRow(seen: LogSeen, ping: LoggedPing, durationMs: number | undefined): Html {
  return html`<tr>
    <td data-label="No." class="number">${ping.number}</td>
    <td data-label="When">${absoluteTime(ping.at, seen.reader)}</td>
    <td data-label="What">${signalMark(ping)}</td>
    <td data-label="Took" class="number">
      ${durationMs === undefined ? '–' : shortDuration(durationMs)}
    </td>
    <td data-label="From">${sourceInWords(ping)}</td>
    <td data-label="Body">${bodyLink(seen, ping)}</td>
  </tr>`
}

/** What a ping said: shape, word, and exit status. */
export function signalMark({ type, exitStatus }: LoggedPing): Html {
  const status = exitStatus === undefined || exitStatus === 0 ? '' : `, exit status ${exitStatus}`
  if (type === 'success') return mark('up', 'Success')
  if (type === 'fail') return mark('down', `Failure${status}`)
  if (type === 'start') return mark('new', 'Started')
  return html`<span class="status">${typeWords[type]}</span>`
}

function mark(shape: string, words: string): Html {
  return html`<span class="status ${shape}"
    ><span class="shape" aria-hidden="true"></span>${words}</span
  >`
}

/** Who sent a ping, as it was told: both are data of strangers. */
export function sourceInWords(ping: LoggedPing): string {
  const agent = shortened(oneLine(ping.userAgent), 60)
  return [isMail(ping) ? 'e-mail' : ping.address, agent].filter((part) => part !== '').join(' · ')
}

function bodyLink({ project, role, check }: LogSeen, ping: LoggedPing): Html | string {
  const { number, bodyBytes, receivedBytes = bodyBytes } = ping
  if (bodyBytes === 0) return '–'
  const words = `${receivedBytes.toLocaleString('en')} bytes`
  if (!may(role, 'see-secrets')) return words
  return html`<a
    href="${checkPath(project, check, `pings/${number}`)}"
    aria-label="Body of ping ${number}, ${words}"
    >${words}</a
  >`
}
