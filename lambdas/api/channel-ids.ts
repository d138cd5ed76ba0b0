import type { ChannelName } from '../domain/telling/channel.ts'
import { HttpError } from './http-error.ts'

/**
 * The ids of the channels that a request names: `*` for all, nothing for none, else UUIDs or exact
 * names, separated by commas.
 * @throws HttpError 400 for the first that is not exactly one of the project's channels.
 */
export function channelIdsOf(names: string, channels: readonly ChannelName[]): readonly string[] {
  if (names === '') return []
  const ids =
    names === '*'
      ? channels.map(({ id }) => id)
      : names.split(',').map((name) => channelId(name, channels))
  return [...new Set(ids)].sort()
}

function channelId(name: string, channels: readonly ChannelName[]): string {
  if (name === '') throw new HttpError(400, 'empty channel identifier')
  const [found, ...others] = channels.filter(
    (channel) => channel.id === name || channel.name === name,
  )
  if (found === undefined) throw new HttpError(400, `invalid channel identifier: ${name}`)
  if (others.length > 0) throw new HttpError(400, `non-unique channel identifier: ${name}`)
  return found.id
}
