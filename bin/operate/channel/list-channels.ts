import type { CommandAnswer } from '../command-answer.ts'
import { table } from '../table.ts'
import type { ChannelsApi } from './api.ts'
import { channelNamed, channelTitle } from './named-channel.ts'

/** The channels of the project. */
export async function listChannels(api: ChannelsApi): Promise<CommandAnswer> {
  const channels = await api.list()
  const rows = channels.map(({ id, kind, name }) => [id, kind, name])
  const text =
    rows.length === 0
      ? 'No channel yet. Make one with overdue channel add.'
      : table(['ID', 'KIND', 'NAME'], rows)
  return { text, json: { channels } }
}

/** One channel, and what came of its last delivery. */
export async function showChannel(api: ChannelsApi, wanted: string): Promise<CommandAnswer> {
  const channel = await api.read((await channelNamed(api, wanted)).id)
  const { on, verified, signed, last_delivery: last } = channel
  const lines = [
    `The ${channelTitle(channel)} is told of ${on.join(', ')}.`,
    ...(verified === false ? ['Its address is not verified.'] : []),
    ...(signed === true ? ['Its requests are signed.'] : []),
    last === null
      ? 'Nothing was delivered lately.'
      : `Last delivery: ${last.status} at ${last.at}${last.error === null ? '' : `: ${last.error}`}`,
  ]
  return { text: lines.join('\n'), json: { channel } }
}
