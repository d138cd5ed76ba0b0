import { type Channel, channelOf } from '../channels/kinds.ts'
import { channelLimit } from '../domain/telling/channel.ts'
import type { log } from '../runtime/log.ts'
import type { Channels } from '../store/registry/channels.ts'
import type { Registry } from '../store/registry/registry.ts'
import {
  type ChannelRequest,
  giveBackLink,
  type LinkDeps,
  type LinkRefusal,
  mailLink,
  type WantedChannel,
  withVerification,
} from './links.ts'
import { withFirstSecret, withSecretsOf } from './signing.ts'

export type ChannelDeps = LinkDeps & {
  readonly registry: Pick<Registry, 'channelNames'>
  readonly channels: Pick<Channels, 'read' | 'create' | 'update' | 'remove'>
  readonly log: typeof log
}

/** A channel of another project is missing: nobody is told that it exists. */
export type ChannelMissing = { readonly refusal: 'channel-missing' }

export async function findChannel(
  { channels }: { readonly channels: Pick<Channels, 'read'> },
  projectId: string,
  channelId: string,
): Promise<Channel | ChannelMissing> {
  const stored = await channels.read(projectId, channelId)
  return stored === undefined ? { refusal: 'channel-missing' } : channelOf(stored)
}

/**
 * Makes a channel, and has a link mailed if its address needs one. Two requests at the same time
 * may exceed the limit by one, which is harmless: the limit only bounds an alert.
 */
export async function createChannel(
  deps: ChannelDeps,
  wanted: WantedChannel,
  request: ChannelRequest,
): Promise<Channel | LinkRefusal | { readonly refusal: 'channels-full' }> {
  const { projectId, now } = request
  const others = await deps.registry.channelNames(projectId)
  if (others.length >= channelLimit) return { refusal: 'channels-full' }
  const signing = withFirstSecret(wanted, now, deps.random)
  const asked = await withVerification(deps, { wanted: signing }, request)
  if ('refusal' in asked) return asked
  try {
    await deps.channels.create(projectId, asked.channel)
    await mailLink(deps, asked, request)
  } catch (error) {
    // Nothing is left, so that a second try makes the only channel.
    await deps.channels.remove(projectId, wanted.id)
    await giveBackLink(deps, asked)
    throw error
  }
  deps.log('channel-created', { channel: wanted.id, project: projectId, kind: wanted.kind })
  return asked.channel
}

/** Replaces a channel by its next version, provided that it is still as it was read. */
export async function changeChannel(
  deps: ChannelDeps,
  { before, wanted, isAddressNamed }: ChannelChange,
  request: ChannelRequest,
): Promise<Channel | LinkRefusal | { readonly refusal: 'channel-changed' }> {
  const { projectId } = request
  const next = { ...withSecretsOf(before, wanted), version: before.version + 1 }
  const past = { before, isAddressNamed }
  const asked = await withVerification(deps, { wanted: next, past }, request)
  if ('refusal' in asked) return asked
  try {
    if ((await deps.channels.update(projectId, before, asked.channel)) === 'changed') {
      await giveBackLink(deps, asked)
      return { refusal: 'channel-changed' }
    }
    await mailLink(deps, asked, request)
  } catch (error) {
    await giveBackLink(deps, asked)
    throw error
  }
  deps.log('channel-updated', { channel: before.id, project: projectId, kind: before.kind })
  return asked.channel
}

/** A channel as it was read, and as it is wanted. */
export type ChannelChange = {
  readonly before: Channel
  readonly wanted: WantedChannel
  readonly isAddressNamed: boolean
}

/** Removes a channel. It stays in its checks' items, and is left out where they are shown. */
export async function deleteChannel(
  deps: Pick<ChannelDeps, 'channels' | 'log'>,
  projectId: string,
  channelId: string,
): Promise<Channel | ChannelMissing> {
  const channel = await findChannel(deps, projectId, channelId)
  if ('refusal' in channel) return channel
  await deps.channels.remove(projectId, channelId)
  deps.log('channel-deleted', { channel: channelId, project: projectId, kind: channel.kind })
  return channel
}
