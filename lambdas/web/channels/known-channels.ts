import { type Channel, channelOf } from '../../channels/kinds.ts'
import { may, type Role } from '../../domain/people/role.ts'
import { readEach } from '../../store/items/read-each.ts'
import type { Registry } from '../../store/registry/registry.ts'
import { channelLabel, openChannelLabel } from '../parts/channel-label.ts'

/** The channels of a project, oldest first; those that can't be read are named. */
export type KnownChannels = {
  readonly channels: readonly Channel[]
  readonly unreadable: readonly UnreadableChannel[]
}

export type UnreadableChannel = { readonly id: string; readonly label: string }

/** Reads the channels of a project by one query. */
export async function knownChannels(
  { registry }: { readonly registry: Pick<Registry, 'channels'> },
  projectId: string,
): Promise<KnownChannels> {
  const broken: string[] = []
  const note = (id: string) => void broken.push(id)
  const stored = await registry.channels(projectId, note)
  const channels = readEach(stored, channelOf, { nameOf: ({ id }) => id, note })
  const labels = new Map(stored.map((each) => [each.id, openChannelLabel(each)]))
  const unreadable = broken.map((id) => ({ id, label: labels.get(id) ?? `channel ${id}` }))
  return { channels, unreadable }
}

/** What somebody of a role may call channels, by their ids; undefined of one that is gone. */
export function channelNames(
  { channels, unreadable }: KnownChannels,
  role: Role,
): (id: string) => string | undefined {
  const label = may(role, 'see-secrets') ? channelLabel : openChannelLabel
  const names = new Map([
    ...channels.map((channel) => [channel.id, label(channel)] as const),
    ...unreadable.map(({ id, label }) => [id, `${label}, which can't be read`] as const),
  ])
  return (id) => names.get(id)
}
