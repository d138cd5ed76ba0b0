import type { Channel } from '../../channels/kinds.ts'
import { isEmail } from '../../domain/telling/channel.ts'
import type { ChannelOutcome } from '../../domain/telling/delivery-progress.ts'
import { type Html, html } from '../html.ts'
import { channelLabel, openChannelLabel } from '../parts/channel-label.ts'
import type { WebPage } from '../parts/frame.ts'
import { type Reader, relativeTime } from '../parts/time.ts'

/** A channel, and what became of what it was sent last. */
export type ChannelRow = { readonly channel: Channel; readonly last?: ChannelOutcome }

export type ChannelsModel = {
  readonly listed: readonly ChannelRow[]
  readonly seesAddresses: boolean
  readonly reader: Reader
}

/** Where the alerts of a project go. Addresses are for those only who may see them. */
export function channelsPage(model: ChannelsModel): WebPage {
  return {
    title: 'Channels',
    section: 'Channels',
    content: html`<h1>Channels</h1>
      ${model.listed.length === 0 ? html`<p>The project has no channels.</p>` : table(model)}`,
  }
}

function table({ listed, seesAddresses, reader }: ChannelsModel): Html {
  return html`<table class="cards">
    <thead>
      <tr>
        <th scope="col">Channel</th>
        ${seesAddresses && html`<th scope="col">State</th>`}
        ${seesAddresses && html`<th scope="col">Sent last</th>`}
      </tr>
    </thead>
    <tbody>
      ${listed.map(({ channel, last }) =>
        seesAddresses
          ? html`<tr>
              <td data-label="Channel">${channelLabel(channel)}</td>
              <td data-label="State">${stateOf(channel)}</td>
              <td data-label="Sent last">
                ${last === undefined ? 'never' : outcome(last, reader)}
              </td>
            </tr>`
          : html`<tr>
              <td data-label="Channel">${openChannelLabel(channel)}</td>
            </tr>`,
      )}
    </tbody>
  </table>`
}

function stateOf(channel: Channel): string {
  if (!isEmail(channel) || channel.verification.state === 'verified') return 'ready'
  return 'waits for its owner to follow the mailed link'
}

function outcome({ at, state, error }: ChannelOutcome, reader: Reader): Html {
  const words = error === '' ? state : `${state}: ${error}`
  return html`${words}, ${relativeTime(at, reader)}`
}
