import { alertOf, type Delivery, type FlipMessage } from '../telling/alert.ts'
import { type EmailChannel, emailKind } from '../telling/channel.ts'
import { type Check, noFilters } from './check.ts'
import type { Definition } from './definition.ts'
import type { Heartbeat, StatusChange } from './heartbeat.ts'
import { unimpaired } from './impairment.ts'
import type { Ping } from './ping.ts'

/**
 * The stages of an alert, each of which can swallow it. Their places, from 1 on, are what the alarm
 * shows.
 */
export const drillStages = ['sweep', 'relay', 'alert', 'deliver'] as const
export type DrillStage = (typeof drillStages)[number]

/** A mailbox of AWS that takes everything, in every account, and is read by nobody. */
const address = 'success@simulator.amazonses.com'

const periodSeconds = 30
const graceSeconds = 30

/** Of a drill that was pinged. */
export const drillDeadlineMs = (periodSeconds + graceSeconds) * 1000

export const drillDefinition: Definition = {
  version: 1,
  schedule: { kind: 'simple', periodSeconds },
  timeZone: 'UTC',
  graceSeconds,
  methods: '',
  manualResume: false,
  hasBodyRules: false,
}

/** The ping after which a drill goes overdue. */
export function drillPing(at: number, requestId: string): Ping {
  return {
    signal: 'success',
    at,
    requestId,
    scheme: 'https',
    method: 'POST',
    address: '',
    userAgent: 'overdue-drill',
    bodyBytes: 0,
  }
}

/** A drill has one channel, whose id is its own. */
export function drillDelivery(message: FlipMessage): Delivery {
  const { checkId: id, at } = message.flip
  const words = { name: 'Overdue drill', slug: '', tags: '', description: '', badgeKey: '' }
  const check: Check = {
    id,
    projectId: id,
    createdAt: at,
    ...words,
    ...drillDefinition,
    filters: noFilters,
    channelIds: [],
  }
  const channel: EmailChannel = {
    id,
    name: 'drill',
    version: 1,
    createdAt: at,
    kind: emailKind,
    address,
    verification: { state: 'verified', at },
  }
  const project = { id, name: 'Overdue', pingKey: '', badgeKey: '', checkLimit: 0, createdAt: at }
  return {
    alert: alertOf(message, {
      check,
      project,
      pings: [],
      lastBody: undefined,
      impairment: unimpaired,
    }),
    channel,
  }
}

/** The change that a drill is for; undefined until the sweep has flagged it. */
export function drillOutage({ status, since }: Heartbeat): StatusChange | undefined {
  return status === 'down' && since !== undefined
    ? { at: since.at, count: since.count, status }
    : undefined
}
