import { type Channel, canTake, wantsOf } from '../channels/kinds.ts'
import { testAllowance } from '../domain/telling/allowance.ts'
import { testDelivery, type TestTerms } from '../domain/telling/test-delivery.ts'
import type { Seams } from '../runtime/backoff.ts'
import type { Channels } from '../store/registry/channels.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Allowances } from '../store/telling/allowances.ts'
import { makeCheck } from './add-check.ts'
import { type ChannelMissing, findChannel } from './channels.ts'
import type { LinkDeps } from './links.ts'

export type TestChannelDeps = Seams &
  Pick<LinkDeps, 'notices'> & {
    readonly registry: Pick<Registry, 'project'>
    readonly channels: Pick<Channels, 'read'>
    readonly allowances: Pick<Allowances, 'take'>
  }

export type TestRequest = Pick<TestTerms, 'now' | 'impairment' | 'show'> & {
  readonly projectId: string
  /** Down, or up where the channel can't be told of anything else, when left out. */
  readonly status?: TestTerms['status']
}

export type TestRefusal = {
  readonly refusal: 'channel-unverified' | 'tests-used-up' | 'test-not-told'
}

/** Sends a channel once, now, what an alert would send it. */
export async function testChannel(
  deps: TestChannelDeps,
  channelId: string,
  { projectId, status: wanted, ...terms }: TestRequest,
): Promise<Channel | ChannelMissing | TestRefusal> {
  const channel = await findChannel(deps, projectId, channelId)
  if ('refusal' in channel) return channel
  const possible = testedStatuses.filter((each) => canTake(channel, each))
  const status = wanted ?? possible[0]
  if (status === undefined) return { refusal: 'channel-unverified' }
  if (!possible.includes(status))
    return { refusal: possible.length === 0 ? 'channel-unverified' : 'test-not-told' }
  const projectName = (await deps.registry.project(projectId))?.name ?? ''
  const made = makeCheck(deps, projectId)
  const isShown = wantsOf(channel, status)?.check === true
  if ((await deps.allowances.take(projectId, testAllowance, terms.now)) === 'used up')
    return { refusal: 'tests-used-up' }
  const about = { ...terms, status, made, projectName, isShown }
  await deps.notices.send([testDelivery(channel, about)])
  return channel
}

const testedStatuses = ['down', 'up'] as const
