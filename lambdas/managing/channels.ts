import { isDeepStrictEqual } from 'node:util'
import { type Channel, channelOf } from '../channels/kinds.ts'
import { channelLimit } from '../domain/telling/channel.ts'
import type { Author } from '../domain/people/audit.ts'
import type { log } from '../runtime/log.ts'
import type { Channels } from '../store/registry/channels.ts'
import type { Registry } from '../store/registry/registry.ts'
import { type NotingDeps, auditWrites } from './audit-writes.ts'
import { auditedChannel } from './channel-audit.ts'
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

export type ChannelDeps = LinkDeps &
  NotingDeps & {
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
    const after = asked.channel
    const audited = auditedChannel(projectId, 'channel-created', { after })
    await deps.channels.create(projectId, after, auditWrites(deps, request.by, audited))
    await mailLink(deps, asked, request)
  } catch (error) {
    // Nothing is left, so that a second try makes the only channel.
    const audited = auditedChannel(projectId, 'channel-deleted', { before: asked.channel })
    await deps.channels.remove(projectId, wanted.id, auditWrites(deps, request.by, audited))
    await giveBackLink(deps, asked)
    throw error
  }
  deps.log('channel-created', { channel: wanted.id, project: projectId, kind: wanted.kind })
  return asked.channel
}

/**
 * Replaces a channel by its next version, provided that it is still as it was read. What changes
 * nothing is not written.
 */
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
  if (isDeepStrictEqual({ ...asked.channel, version: before.version }, before)) return before
  try {
    const states = { before, after: asked.channel }
    const audited = auditedChannel(projectId, 'channel-changed', states)
    const isSame = Object.keys(audited.changes).length === 0
    const beside = isSame ? [] : auditWrites(deps, request.by, audited)
    if ((await deps.channels.update(projectId, states, beside)) === 'changed') {
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
  deps: Pick<ChannelDeps, 'channels' | 'log'> & NotingDeps,
  { projectId, channelId, by }: ChannelDeletion,
): Promise<Channel | ChannelMissing> {
  const channel = await findChannel(deps, projectId, channelId)
  if ('refusal' in channel) return channel
  const audited = auditedChannel(projectId, 'channel-deleted', { before: channel })
  await deps.channels.remove(projectId, channelId, auditWrites(deps, by, audited))
  deps.log('channel-deleted', { channel: channelId, project: projectId, kind: channel.kind })
  return channel
}

type ChannelDeletion = {
  readonly projectId: string
  readonly channelId: string
  readonly by: Author
}
