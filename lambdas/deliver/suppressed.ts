import type { Outcome } from '../channels/outcome.ts'
import { type ChannelBase, isEmail, suppressionText } from '../domain/telling/channel.ts'
import type { Addresses } from '../store/telling/addresses.ts'

export type SuppressedDeps = { readonly addresses: Pick<Addresses, 'suppression'> }

/** Why a channel may not be mailed; undefined when it may. It costs a read for each mail. */
export async function suppressed(
  { addresses }: SuppressedDeps,
  channel: ChannelBase,
): Promise<Outcome | undefined> {
  const suppression = isEmail(channel) ? await addresses.suppression(channel.address) : undefined
  return suppression && { kind: 'refused', reason: suppressionText(suppression) }
}
