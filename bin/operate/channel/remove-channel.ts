import type { CommandAnswer } from '../command-answer.ts'
import type { ChannelsApi } from './api.ts'
import { channelNamed, channelTitle } from './named-channel.ts'

/** Deletes a channel; unless that is meant, it only says what would go. */
export async function removeChannel(
  api: ChannelsApi,
  wanted: string,
  isMeant: boolean,
): Promise<CommandAnswer> {
  const channel = await channelNamed(api, wanted)
  if (!isMeant)
    throw new Error(
      `nothing is deleted yet: the ${channelTitle(channel)} goes, and checks tell it no more; to delete it, add --yes`,
    )
  await api.delete(channel.id)
  return { text: `The ${channelTitle(channel)} is deleted.`, json: { channel } }
}
