import { testAllowance } from '../domain/telling/allowance.ts'
import type { Channel } from '../domain/telling/channel.ts'
import type { Notice } from '../domain/telling/notice.ts'
import { testDelivery, type TestTerms } from '../domain/telling/test-delivery.ts'
import type { Seams } from '../runtime/backoff.ts'
import type { Channels } from '../store/registry/channels.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Allowances } from '../store/telling/allowances.ts'
import { makeCheck } from './add-check.ts'
import { type ChannelMissing, findChannel } from './channels.ts'

export type TestChannelDeps = Seams & {
  readonly registry: Pick<Registry, 'project'>
  readonly channels: Pick<Channels, 'read'>
  readonly allowances: Pick<Allowances, 'take'>
  /** The queue of what is asked for and is no alert. */
  readonly notices: { send(notices: readonly Notice[]): Promise<void> }
}

export type TestRequest = Pick<TestTerms, 'now' | 'impairment' | 'show'> & {
  readonly projectId: string
}

export type TestRefusal = { readonly refusal: 'channel-unverified' | 'tests-used-up' }

/** Sends a channel once, now, what an alert would send it. */
export async function testChannel(
  deps: TestChannelDeps,
  channelId: string,
  { projectId, ...terms }: TestRequest,
): Promise<Channel | ChannelMissing | TestRefusal> {
  const channel = await findChannel(deps, projectId, channelId)
  if ('refusal' in channel) return channel
  const projectName = (await deps.registry.project(projectId))?.name ?? ''
  const made = makeCheck(deps, projectId)
  const delivery = testDelivery(channel, { ...terms, made, projectName })
  if (delivery === undefined) return { refusal: 'channel-unverified' }
  if ((await deps.allowances.take(projectId, testAllowance, terms.now)) === 'used up')
    return { refusal: 'tests-used-up' }
  await deps.notices.send([delivery])
  return channel
}
