import { uniqueKeyOf } from '../../domain/watching/check.ts'
import { publicTitleOf } from '../../domain/people/disclosure.ts'
import { explain } from '../../domain/watching/explain.ts'
import { statusAt } from '../../domain/watching/status-at.ts'
import type { HoldReason } from '../../domain/telling/hold.ts'
import type { SeenCheck } from '../check-reading.ts'
import { type Html, html } from '../html.ts'
import { checkPath } from '../parts/check-links.ts'
import { statusMark, statusWords } from '../parts/status.ts'
import { relativeTime } from '../parts/time.ts'

/** What the check is now and why, kept fresh by the script. */
export function liveState(seen: SeenCheck): Html {
  const { project, held, reader } = seen
  const { pingCount, status, running } = held.heartbeat
  const isAwaited = pingCount === 0
  const isFirstRun = status === 'new' && running !== undefined
  return html`<div
    data-live="${checkPath(project, held.check, 'live')}"
    ${(isAwaited || isFirstRun) && html`data-live-soon`}
    ${isAwaited && html`data-live-goal="[data-pinged]"`}
  >
    ${stateOf(seen)}
    <p class="soft as-of">as of <span data-as-of="${reader.timeZone}">now</span></p>
  </div>`
}

/** The part of it that changes. */
export function stateOf({ held, reader }: SeenCheck): Html {
  const { check, heartbeat, leeway, hold } = held
  const status = statusAt(heartbeat, reader.now, leeway)
  const { pingCount, lastPing, running } = heartbeat
  const sentence = explain(heartbeat, reader.now, { leeway, timeZone: reader.timeZone })
  return html`<div
    class="state ${status}"
    data-row="${uniqueKeyOf(check.id)}"
    data-status="${status === 'grace' ? 'late' : status}"
    data-name="${publicTitleOf({ name: check.name })}"
    data-down="${status === 'down' ? 1 : 0}"
  >
    <p class="sentence">
      ${statusMark(status, running !== undefined)}${sentenceBehind(statusWords[status], sentence)}
    </p>
    ${hold?.reason.kind === 'depends' && html`<p>${holdInWords(hold.reason)}</p>`}
    ${
      pingCount === 0
        ? html`<p class="waiting">Waiting for the first ping …</p>`
        : html`<p class="soft" data-pinged>
            ${pingCount.toLocaleString('en')}
            ${pingCount === 1 ? 'ping' : 'pings'}${
              lastPing !== undefined && html`, the last ${relativeTime(lastPing.at, reader)}`
            }
          </p>`
    }
  </div>`
}

/** The sentence begins with the word that the mark shows already. */
function sentenceBehind(word: string, sentence: string): string {
  return sentence.startsWith(word) ? sentence.slice(word.length) : ` ${sentence}`
}

function holdInWords(reason: HoldReason & { readonly kind: 'depends' }): string {
  return `Its alerts wait for ${publicTitleOf({ name: reason.name })}, which it depends on.`
}
