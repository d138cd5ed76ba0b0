import { isKindName, titleOfKind } from '../../channels/kinds.ts'
import { type ChannelBase, isEmail } from '../../domain/telling/channel.ts'

/** A channel in a few words: its kind, and its name or address. For who may see addresses. */
export function channelLabel(channel: ChannelBase): string {
  const address = isEmail(channel) ? channel.address : ''
  return [openChannelLabel(channel), address].filter((part) => part !== '').join(' ')
}

/**
 * The same for everybody: kind and name, of a kind that is not known any more as well. What is
 * called by its address has no name that everybody may see.
 */
export function openChannelLabel(channel: ChannelBase): string {
  const { kind, name } = channel
  const title = isKindName(kind) ? titleOfKind(kind) : kind
  const isAddress = isEmail(channel) && name.toLowerCase() === channel.address.toLowerCase()
  return name === '' || isAddress ? title : `${title} ${name}`
}
