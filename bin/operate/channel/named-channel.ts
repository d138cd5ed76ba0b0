import { oneLine } from '../../../lambdas/domain/wire/plain-text.ts'
import type { ChannelsApi, ListedChannel } from './api.ts'

/** The channel of an id or a name. @throws where there is none, or several have the name. */
export async function channelNamed(api: ChannelsApi, wanted: string): Promise<ListedChannel> {
  const channels = await api.list()
  const found = channels.filter(({ id, name }) => id === wanted || name === wanted)
  const [channel, ...others] = found
  if (channel === undefined)
    throw new Error(`there is no channel ${wanted}; overdue channel list shows all`)
  if (others.length > 0)
    throw new Error(
      `several channels are called ${wanted}; name one by its id: ${found.map(({ id }) => id).join(', ')}`,
    )
  return channel
}

/** A channel in a sentence. */
export function channelTitle({ id, name, kind }: ListedChannel): string {
  return `channel ${name === '' ? id : `"${oneLine(name)}" (${id})`} of kind ${kind}`
}
