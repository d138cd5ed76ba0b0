import { type Channel, channelOf, titleOfKind } from '../../channels/kinds.ts'
import { type ChannelBase, isEmail } from '../../domain/telling/channel.ts'

/** A channel in a few words: its kind, and its name or address. For who may see addresses. */
export function channelLabel(channel: ChannelBase): string {
  const known = channelOf(channel)
  const own = isEmail(known) ? known.address : ''
  return [openChannelLabel(known), own].filter((part) => part !== '').join(' ')
}

/** The same for everybody: kind and name. */
export function openChannelLabel({ kind, name }: Pick<Channel, 'kind' | 'name'>): string {
  return [titleOfKind(kind), name].filter((part) => part !== '').join(' ')
}
