import { channelOf, takes } from '../channels/kinds.ts'
import { type Delivery, alertOf, type FlipMessage, shownPings } from '../domain/telling/alert.ts'
import { occasionOf } from '../domain/telling/telling.ts'
import { drillDelivery } from '../domain/watching/drill.ts'
import { isDrill } from '../domain/watching/own-heartbeats.ts'
import { readEach } from '../store/items/read-each.ts'
import type { Journal } from '../store/watching/journal.ts'
import type { KnownIntake } from '../store/watching/known-intake.ts'
import type { Registry } from '../store/registry/registry.ts'
import { type BodyDeps, announcedBodyOf, lastBodyOf } from './body.ts'
import { payloadOf, type PayloadDeps } from './payload.ts'

export type DeliveriesDeps = BodyDeps &
  PayloadDeps & {
    readonly registry: Pick<Registry, 'ownerOf' | 'project' | 'check' | 'channelsOf'>
    readonly journal: Pick<Journal, 'pings'>
    readonly intake: Pick<KnownIntake, 'impairmentAt'>
  }

type FlipDeliveries = {
  readonly projectId: string
  readonly deliveries: readonly Delivery[]
  /** The channels that can't be read. The others hear of the flip all the same. */
  readonly broken: readonly string[]
}

/** One delivery for each channel that takes the flip; undefined when its check has been deleted. */
export async function deliveriesOf(
  deps: DeliveriesDeps,
  message: FlipMessage,
): Promise<FlipDeliveries | undefined> {
  const { registry, journal, intake, clock } = deps
  const { checkId } = message.flip
  if (isDrill(checkId))
    return { projectId: checkId, deliveries: [drillDelivery(message)], broken: [] }
  const projectId = await registry.ownerOf(checkId)
  if (projectId === undefined) return undefined
  const [project, check] = await Promise.all([
    registry.project(projectId),
    registry.check(projectId, checkId),
  ])
  if (project === undefined || check === undefined) return undefined
  const broken: string[] = []
  const note = (channel: string) => broken.push(channel)
  const [stored, pings, body, impairment] = await Promise.all([
    registry.channelsOf(check, note),
    journal.pings(checkId, shownPings, clock.now()),
    announcedBodyOf({ journal, clock }, message.heartbeat),
    intake.impairmentAt(clock.now()),
  ])
  const lastBody = body && lastBodyOf(body, message.heartbeat)
  const alert = alertOf(message, { check, project, pings, lastBody, impairment })
  const channels = readEach(stored, channelOf, { nameOf: ({ id }) => id, note })
  const taking = channels.filter((channel) => takes(channel, occasionOf(alert)))
  const known = { alert, check, heartbeat: message.heartbeat, body, impairment }
  return {
    projectId,
    broken,
    deliveries: taking.map((channel) => ({ alert, channel, ...payloadOf(deps, channel, known) })),
  }
}
