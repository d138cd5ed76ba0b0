import { uniqueKeyOf } from '../../domain/watching/check.ts'
import { publicTitleOf } from '../../domain/people/disclosure.ts'
import { explain } from '../../domain/watching/explain.ts'
import { statusAt } from '../../domain/watching/status-at.ts'
import type { HoldReason } from '../../domain/telling/hold.ts'
import type { CheckView, SeenCheck } from '../check-reading.ts'
import { type Html, html } from '../html.ts'
import { checkPath } from '../parts/check-links.ts'
import { statusMark, statusWords } from '../parts/status.ts'
import { relativeTime } from '../parts/time.ts'

/** What the check is now and why, and what belongs to it, kept fresh by the script. */
export function liveRegion(view: CheckView, rest: Html): Html {
  const { project, held, reader } = view
  const { pingCount, status, running } = held.heartbeat
  const isAwaited = pingCount === 0
  const isFirstRun = status === 'new' && running !== undefined
  return html`<div
    data-live="${checkPath(project, held.check, 'live')}"
    ${(isAwaited || isFirstRun) && html`data-live-soon`}
    ${isAwaited && html`data-live-goal="[data-pinged]"`}
  >
    ${stateOf(view, isSettling(view))}
    <p class="soft as-of">as of <span data-as-of="${reader.timeZone}">now</span></p>
    ${rest}
  </div>`
}

const SETTLING_MS = 60_000

/**
 * Whether log or alerts are about to change: both come a moment after the ping or the flip that
 * they are about.
 */
export function isSettling({ held, pings, reader }: CheckView): boolean {
  const { since, lastPing, pingCount } = held.heartbeat
  const isRecent = (at = 0) => reader.now - at < SETTLING_MS
  const isBehind = (pings[0]?.number ?? 0) < pingCount
  return (isBehind && isRecent(lastPing?.at)) || isRecent(since?.at)
}

/** The state alone, which is asked for again soon while the rest settles. */
export function stateOf({ held, reader }: SeenCheck, isSoon = false): Html {
  const { check, heartbeat, leeway, hold } = held
  const status = statusAt(heartbeat, reader.now, leeway)
  const { pingCount, lastPing, running } = heartbeat
  // A run in the calendar goes by the clocks of its check, as the card of the schedule does.
  const timeZone = check.schedule.kind === 'simple' ? reader.timeZone : check.timeZone
  const sentence = explain(heartbeat, reader.now, { leeway, timeZone })
  return html`<div
    class="state ${status}"
    data-row="${uniqueKeyOf(check.id)}"
    data-status="${status === 'grace' ? 'late' : status}"
    data-name="${publicTitleOf({ name: check.name })}"
    data-down="${status === 'down' ? 1 : 0}"
    ${isSoon && html`data-live-soon`}
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
