import type { Project } from '../../domain/people/project.ts'
import { scheduleInShort, scheduleInWords } from '../../domain/schedule/words.ts'
import { type Check, tagsOf, titleOf, uniqueKeyOf } from '../../domain/watching/check.ts'
import { dueAtOf } from '../../domain/watching/deadline.ts'
import { unimpaired } from '../../domain/watching/impairment.ts'
import type { Leeway } from '../../domain/watching/leeway.ts'
import type { ListedCheck } from '../../domain/watching/listing.ts'
import { shortDuration } from '../../domain/wire/words.ts'
import { type Html, html } from '../html.ts'
import { statusMark } from '../parts/status.ts'
import { type Reader, relativeTime } from '../parts/time.ts'
import { projectPath } from '../route.ts'

/** One check of a list. */
export function checkRow(
  project: Project,
  { check, heartbeat, status, leeway = unimpaired }: ListedCheck & { readonly leeway?: Leeway },
  reader: Reader,
): Html {
  const key = uniqueKeyOf(check.id)
  const { lastPing, durationMs, running } = heartbeat
  const lastPingAt = heartbeat.lastPingAt ?? lastPing?.at
  const dueAt = status === 'down' ? undefined : dueAtOf(heartbeat, leeway)
  // A run under way counts as due since its start, and is not late by that.
  const isUnderWay = running !== undefined && status !== 'late'
  const mark = statusMark(status === 'late' ? 'grace' : status, running !== undefined)
  return html`<tr data-row="${key}" data-status="${status}" data-name="${nameOf(check)}">
    <td>${mark}</td>
    <td>
      <a href="${projectPath(project, `c/${key}`)}">${nameOf(check)}</a>
      ${tagsOf(check).map((tag) => html`<span class="tag">${tag}</span> `)}
    </td>
    <td data-label="Schedule" title="${scheduleInWords(check.schedule, check.timeZone)}">
      ${scheduleInShort(check.schedule, check.timeZone, reader.timeZone)}
    </td>
    <td data-label="Last ping">
      ${lastPingAt === undefined ? 'never' : relativeTime(lastPingAt, reader)}
    </td>
    <td data-label="Next">
      ${dueAt === undefined ? '–' : isUnderWay ? 'running' : nextOf(dueAt, reader)}
    </td>
    <td data-label="Took">${durationMs === undefined ? '–' : shortDuration(durationMs)}</td>
  </tr>`
}

function nextOf(dueAt: number, reader: Reader): Html {
  if (dueAt > reader.now) return relativeTime(dueAt, reader)
  return html`${shortDuration(Math.max(1000, reader.now - dueAt))} late`
}

function nameOf({ id, name }: Pick<Check, 'id' | 'name'>): string {
  return name === '' ? titleOf({ id: uniqueKeyOf(id), name }) : name
}
