import type { Status } from '../../domain/watching/heartbeat.ts'
import { type Html, html } from '../html.ts'

/** A status as it is derived: `grace` is late and not yet down. */
export type ShownStatus = Status | 'grace'

export const statusWords: Readonly<Record<ShownStatus, string>> = {
  down: 'Down',
  grace: 'Late',
  up: 'Up',
  new: 'New',
  paused: 'Paused',
}

/** Shape, word and colour of a status; a ring around it says that a run is under way. */
export function statusMark(status: ShownStatus, isRunning = false): Html {
  return html`<span class="status ${status}"
    ><span class="shape" aria-hidden="true"></span>${statusWords[status]}${
      isRunning &&
      html`<span class="running" title="a run is under way"
        ><span class="hidden">, running</span></span
      >`
    }</span
  >`
}
