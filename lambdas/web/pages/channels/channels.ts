import type { Project } from '../../../domain/people/project.ts'
import { may, type Role } from '../../../domain/people/role.ts'
import type { UnreadableChannel } from '../../channels/known-channels.ts'
import type { ChannelHealth } from '../../channels/one-channel.ts'
import { type Html, html } from '../../html.ts'
import { channelLabel, openChannelLabel } from '../../parts/channel-label.ts'
import { channelMark, lastSent, linkButton } from '../../parts/channel-state.ts'
import { channelPath, testButton } from '../../parts/channel-test.ts'
import type { WebPage } from '../../parts/frame.ts'
import { banner } from '../../parts/notice.ts'
import type { Reader } from '../../parts/time.ts'
import { projectPath } from '../../route.ts'

type ChannelRow = ChannelHealth & { readonly checkCount: number }

type ChannelsModel = {
  readonly project: Project
  readonly role: Role
  readonly listed: readonly ChannelRow[]
  readonly unreadable: readonly UnreadableChannel[]
  readonly reader: Reader
}

/** Where the alerts of a project go. Addresses are for those only who may see them. */
export function channelsPage(model: ChannelsModel): WebPage {
  const { project, role, listed, unreadable } = model
  const maySee = may(role, 'see-secrets')
  return {
    title: 'Channels',
    section: 'Channels',
    content: html`<div class="head">
        <h1>Channels</h1>
        ${
          may(role, 'change') &&
          html`<a class="button main" href="${projectPath(project, 'channels/new')}"
            >Add channel</a
          >`
        }
      </div>
      ${unreadable.length > 0 && banner('warning', unreadableWords(unreadable))}
      ${suppressedBanner(listed)}
      ${
        listed.length === 0 && unreadable.length === 0
          ? html`<p>
              A channel is a way to tell people, or programs, that a check went down or is up again.
              The project has none yet: nobody is told anything.
            </p>`
          : maySee
            ? wholeTable(model)
            : openTable(model)
      }`,
  }
}

function unreadableWords(unreadable: readonly UnreadableChannel[]): string {
  const names = unreadable.map(({ label }) => label).join(', ')
  const these = unreadable.length === 1 ? 'This channel' : 'These channels'
  return `${these} can't be read and told nothing: ${names}. Tell your operator.`
}

function suppressedBanner(listed: readonly ChannelRow[]): Html | false {
  const count = listed.filter(({ suppression }) => suppression !== undefined).length
  if (count === 0) return false
  const some = count === 1 ? 'One address gets' : `${count} addresses get`
  return banner(
    'warning',
    `${some} no mail any more, from any project: mail came back, or the owner complained. A link that its owner follows ends that.`,
  )
}

function wholeTable(model: ChannelsModel): Html {
  return html`<table class="cards channels">
    <thead>
      <tr>
        <th scope="col">Channel</th>
        <th scope="col">State</th>
        <th scope="col">Last delivery</th>
        <th scope="col" class="number">Checks</th>
        <th scope="col"><span class="hidden">Actions</span></th>
      </tr>
    </thead>
    <tbody>
      ${model.listed.map((each) => row(model, each))}
    </tbody>
  </table>`
}

function row({ project, reader }: ChannelsModel, { checkCount, ...health }: ChannelRow): Html {
  const { channel, last } = health
  const label = channelLabel(channel)
  return html`<tr>
    <td><a href="${channelPath(project, channel)}">${label}</a></td>
    <td data-label="State">${channelMark(health, reader)}</td>
    <td data-label="Last delivery">${lastSent(last, reader)}</td>
    <td data-label="Checks" class="number">${checkCount}</td>
    <td>
      <div class="actions">
        ${testButton(project, channel, label)} ${linkButton(project, health, reader)}
        <a class="button" href="${channelPath(project, channel)}"
          >Edit<span class="hidden"> ${label}</span></a
        >
        <a class="button danger" href="${channelPath(project, channel, 'delete')}"
          >Delete …<span class="hidden"> ${label}</span></a
        >
      </div>
    </td>
  </tr>`
}

function openTable({ listed }: ChannelsModel): Html {
  return html`<table class="cards channels">
    <thead>
      <tr>
        <th scope="col">Channel</th>
        <th scope="col" class="number">Checks</th>
      </tr>
    </thead>
    <tbody>
      ${listed.map(
        ({ channel, checkCount }) =>
          html`<tr>
            <td>${openChannelLabel(channel)}</td>
            <td data-label="Checks" class="number">${checkCount}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}
