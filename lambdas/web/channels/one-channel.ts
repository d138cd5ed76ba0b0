import type { AllowedArns } from '../../channels/form.ts'
import type { Channel } from '../../channels/kinds.ts'
import { isEmail, type Suppression } from '../../domain/telling/channel.ts'
import type { ChannelOutcome } from '../../domain/telling/delivery-progress.ts'
import type { Check } from '../../domain/watching/check.ts'
import { parseUuid } from '../../domain/wire/uuid.ts'
import { type ChannelDeps, findChannel } from '../../managing/channels.ts'
import type { ChannelRequest } from '../../managing/links.ts'
import type { TestChannelDeps } from '../../managing/test-channel.ts'
import type { Registry } from '../../store/registry/registry.ts'
import type { Deliveries } from '../../store/telling/deliveries.ts'
import type { KnownIntake } from '../../store/watching/known-intake.ts'
import { authorOf } from '../check-in.ts'
import type { ListedChecks } from '../listed-checks.ts'
import { NotHere } from '../refused.ts'
import type { ProjectCall } from '../route.ts'

export type ChannelPagesDeps = ChannelDeps &
  TestChannelDeps &
  AllowedArns & {
    readonly registry: Pick<Registry, 'channels'>
    readonly deliveries: Pick<Deliveries, 'lastOutcome'>
    readonly listed: Pick<ListedChecks, 'definitions'>
    readonly intake: Pick<KnownIntake, 'impairmentAt'>
    readonly apiRoot: string
    readonly pingEndpoint: string
  }

/** A channel, what became of what it was sent last, and why mail does not get there. */
export type ChannelHealth = {
  readonly channel: Channel
  readonly last: ChannelOutcome | undefined
  readonly suppression: Suppression | undefined
}

/**
 * The channel that a path names.
 * @throws NotHere when the project has no such channel
 */
export async function channelIn(
  deps: Pick<ChannelPagesDeps, 'channels'>,
  call: ProjectCall,
): Promise<Channel> {
  const id = parseUuid(call.context.req.param('channel') ?? '')
  const channel = id === undefined ? undefined : await findChannel(deps, call.project.id, id)
  if (channel === undefined || 'refusal' in channel) throw new NotHere()
  return channel
}

/** Two reads at most. Of an address that is not verified nothing is told: anybody may name it. */
export async function healthOf(
  { deliveries, addresses }: Pick<ChannelPagesDeps, 'deliveries' | 'addresses'>,
  channel: Channel,
): Promise<ChannelHealth> {
  const [last, suppression] = await Promise.all([
    deliveries.lastOutcome(channel.id),
    isEmail(channel) && channel.verification.state === 'verified'
      ? addresses.suppression(channel.address)
      : undefined,
  ])
  return { channel, last, suppression }
}

/** The checks that tell a channel, at once or by a rule. */
export function toldBy(checks: readonly Check[], channelId: string): readonly Check[] {
  return checks.filter(({ channelIds, rules }) =>
    [channelIds, ...(rules?.escalate ?? []).map((step) => step.channelIds)].some((ids) =>
      ids.includes(channelId),
    ),
  )
}

/** The link in a mail leads to the API, as it does for a channel that is made there. */
export function channelRequestOf(
  { apiRoot }: Pick<ChannelPagesDeps, 'apiRoot'>,
  call: ProjectCall,
): ChannelRequest {
  const { project, now } = call
  const linkOf = (channelId: string, token: string) =>
    `${apiRoot}/api/v3/verify/${project.id}/${channelId}/${token}`
  return { projectId: project.id, now, by: authorOf(call), linkOf }
}
