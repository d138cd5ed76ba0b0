import { occasions } from '../../../lambdas/domain/telling/channel.ts'
import { channelBody, channelChange, type ChannelEntry } from './channel-wire.ts'
import { type CheckEntry, leftOut } from './check-entry.ts'
import { checkBody } from './check-wire.ts'
import type { Section } from './section-plan.ts'
import { spelled, spelledChannel } from './spelling.ts'
import { windowBody, type WindowEntry } from './window-wire.ts'

export const channelSection: Section<ChannelEntry> = {
  thing: 'channel',
  path: 'channels',
  spell: spelledChannel,
  usual: { on: occasions },
  creation: channelBody,
  change: (_, entry, before) => channelChange(entry, before),
  refusal: ({ kind }, before) =>
    kind === before.kind
      ? undefined
      : `is of kind ${kind}, of kind ${before.kind} in the project, and kinds stay; give it another name`,
  hasSecrets: ({ secrets }) => Object.keys(secrets).length > 0,
}

export const checkSection: Section<CheckEntry> = {
  thing: 'check',
  path: 'checks',
  spell: spelled,
  usual: spelled(leftOut),
  creation: checkBody,
  change: (slug, entry, _, names) => checkBody(slug, entry, names),
}

export const windowSection: Section<WindowEntry> = {
  thing: 'window',
  path: 'windows',
  spell: spelled,
  usual: { tags: [] },
  creation: windowBody,
  change: windowBody,
}
