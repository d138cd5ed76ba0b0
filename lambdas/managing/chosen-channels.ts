import type { ChannelName } from '../domain/telling/channel.ts'

/** The channels that a check is to alert: all, or those with these ids or exact names. */
export type ChannelChoice = 'all' | readonly string[]

/** The first name that is not that of exactly one channel of the project. */
export type UnclearChannel = {
  readonly refusal: 'unknown-channel' | 'ambiguous-channel'
  readonly name: string
}

/** The ids of chosen channels, sorted. */
export function chosenChannelIds(
  choice: ChannelChoice,
  channels: readonly ChannelName[],
): readonly string[] | UnclearChannel {
  if (choice === 'all') return allChannelIds(channels)
  const found = choice.map((name) => ({ name, named: channelsNamed(name, channels) }))
  const unclear = found.find(({ named }) => named.length !== 1)
  if (unclear === undefined) return allChannelIds(found.flatMap(({ named }) => named))
  const refusal = unclear.named.length === 0 ? 'unknown-channel' : 'ambiguous-channel'
  return { refusal, name: unclear.name }
}

/** Without a name none is meant, not even those that have none. */
function channelsNamed(name: string, channels: readonly ChannelName[]): readonly ChannelName[] {
  return name === ''
    ? []
    : channels.filter((channel) => channel.id === name || channel.name === name)
}

/** The ids of all channels, sorted. */
export function allChannelIds(channels: readonly ChannelName[]): readonly string[] {
  return [...new Set(channels.map(({ id }) => id))].sort()
}
