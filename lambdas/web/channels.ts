import { may } from '../domain/people/role.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Deliveries } from '../store/telling/deliveries.ts'
import { channelOf } from '../channels/kinds.ts'
import { readerOf } from './check-in.ts'
import { channelsPage } from './pages/channels.ts'
import { respond } from './respond.ts'
import type { ProjectCall, Route } from './route.ts'

export type ChannelsPageDeps = {
  readonly registry: Pick<Registry, 'channels'>
  readonly deliveries: Pick<Deliveries, 'lastOutcome'>
}

export const channelsRoutes: readonly Route<ChannelsPageDeps>[] = [
  { method: 'GET', path: '/p/:project/channels', needs: 'see', act: showChannels },
]

/** What was sent last is read for those only who may see where it went: a read a channel. */
async function showChannels(
  { registry, deliveries }: ChannelsPageDeps,
  call: ProjectCall,
): Promise<Response> {
  const seesAddresses = may(call.role, 'see-secrets')
  const channels = (await registry.channels(call.project.id, () => undefined)).map(channelOf)
  const listed = await Promise.all(
    channels.map(async (channel) => {
      const last = seesAddresses ? await deliveries.lastOutcome(channel.id) : undefined
      return { channel, ...(last && { last }) }
    }),
  )
  return respond(call, channelsPage({ listed, seesAddresses, reader: readerOf(call) }))
}
