import { channelOf, takes } from '../channels/kinds.ts'
import {
  type Alert,
  type Delivery,
  alertOf,
  type FlipMessage,
  shownPings,
} from '../domain/telling/alert.ts'
import { occasionOf } from '../domain/telling/telling.ts'
import { type Check, uniqueKeyOf } from '../domain/watching/check.ts'
import { readEach } from '../store/items/read-each.ts'
import type { Journal } from '../store/watching/journal.ts'
import type { KnownIntake } from '../store/watching/known-intake.ts'
import type { Registry } from '../store/registry/registry.ts'
import { type BodyDeps, announcedBodyOf, lastBodyOf } from './body.ts'
import type { KnownCheck } from './known-check.ts'
import { payloadOf, type PayloadDeps } from './payload.ts'

export type DeliveriesDeps = BodyDeps &
  PayloadDeps & {
    readonly registry: Pick<Registry, 'channelsOf'>
    readonly journal: Pick<Journal, 'pings'>
    readonly intake: Pick<KnownIntake, 'impairmentAt'>
    /** Where the dashboard begins, with a slash at its end; undefined where there is none. */
    readonly dashboardUrl?: string | undefined
  }

/** What is told to whom, and what an alert says of that. */
export type Told = Pick<Alert, 'telling' | 'held'> & { readonly channelIds: readonly string[] }

type ToldDeliveries = {
  readonly deliveries: readonly Delivery[]
  /** The channels that can't be read. The others hear of the flip all the same. */
  readonly broken: readonly string[]
}

/** One delivery for each of the channels that takes what is told. */
export async function deliveriesOf(
  deps: DeliveriesDeps,
  message: FlipMessage,
  { check, project, channelIds, ...told }: KnownCheck & Told,
): Promise<ToldDeliveries> {
  const { registry, journal, intake, clock } = deps
  const broken: string[] = []
  const note = (channel: string) => broken.push(channel)
  const [stored, pings, body, impairment] = await Promise.all([
    registry.channelsOf({ projectId: project.id, channelIds }, note),
    journal.pings(check, shownPings, clock.now()),
    announcedBodyOf({ journal, clock }, check, message.heartbeat),
    intake.impairmentAt(clock.now()),
  ])
  const lastBody = body && lastBodyOf(body, message.heartbeat)
  const link = linkTo(deps, check)
  const background = { check, project, pings, lastBody, impairment, link }
  const alert = { ...alertOf(message, background), ...told }
  const channels = readEach(stored, channelOf, { nameOf: ({ id }) => id, note })
  const taking = channels.filter((channel) => takes(channel, occasionOf(alert)))
  const known = { alert, check, heartbeat: message.heartbeat, body, impairment }
  return {
    broken,
    deliveries: taking.map((channel) => ({ alert, channel, ...payloadOf(deps, channel, known) })),
  }
}

/** Who follows it signs in first: it gives away no more than the alert says. */
function linkTo({ dashboardUrl }: DeliveriesDeps, { id, projectId }: Check): string | undefined {
  return dashboardUrl && `${dashboardUrl}p/${projectId}/c/${uniqueKeyOf(id)}`
}
