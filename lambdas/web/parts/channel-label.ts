import { isKindName, titleOfKind } from '../../channels/kinds.ts'
import { type ChannelBase, isEmail } from '../../domain/telling/channel.ts'

/** A channel in a few words: its kind, and its name or address. For who may see addresses. */
export function channelLabel(channel: ChannelBase): string {
  const address = isEmail(channel) && channel.address !== channel.name ? channel.address : ''
  return [openChannelLabel(channel), address].filter((part) => part !== '').join(' ')
}

/** The same for everybody: kind and name, of a kind that is not known any more as well. */
export function openChannelLabel({ kind, name }: Pick<ChannelBase, 'kind' | 'name'>): string {
  return [isKindName(kind) ? titleOfKind(kind) : kind, name].filter((part) => part !== '').join(' ')
}
