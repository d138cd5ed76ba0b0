import { oneLine } from '../../../lambdas/domain/wire/plain-text.ts'
import { onlyNamed } from '../api/only-named.ts'
import type { ChannelsApi, ListedChannel } from './api.ts'

/** The channel of an id or a name. @throws where there is none, or several have the name. */
export async function channelNamed(api: ChannelsApi, wanted: string): Promise<ListedChannel> {
  return onlyNamed(await api.list(), wanted, 'channel')
}

/** A channel in a sentence. */
export function channelTitle({ id, name, kind }: ListedChannel): string {
  return `channel ${name === '' ? id : `"${oneLine(name)}" (${id})`} of kind ${kind}`
}
