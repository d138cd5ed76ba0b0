import type { Channel } from '../../../channels/kinds.ts'
import type { Project } from '../../../domain/people/project.ts'
import type { Check } from '../../../domain/watching/check.ts'
import { html } from '../../html.ts'
import { channelLabel } from '../../parts/channel-label.ts'
import { channelPath } from '../../parts/channel-test.ts'
import type { WebPage } from '../../parts/frame.ts'
import { tellingChecks } from './channel.ts'
import { channelCrumbs } from './new-channel.ts'

type ChannelDeletionModel = {
  readonly project: Project
  readonly channel: Channel
  readonly checks: readonly Check[]
}

/** Asks once more, and says which checks tell it nothing from then on. */
export function channelDeletionPage({ project, channel, checks }: ChannelDeletionModel): WebPage {
  const title = `Delete ${channelLabel(channel)}?`
  return {
    title,
    section: 'Channels',
    content: html`${channelCrumbs(project)}
      <h1>${title}</h1>
      <p>It is told nothing from then on. ${tellingChecks(project, checks)}</p>
      <form method="post" action="${channelPath(project, channel, 'delete')}" class="inline">
        <button class="danger">Delete for good</button>
        <a href="${channelPath(project, channel)}">Keep it</a>
      </form>`,
  }
}
