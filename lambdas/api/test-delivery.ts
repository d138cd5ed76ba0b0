import { alertOf, type Delivery } from '../domain/telling/alert.ts'
import { type Channel, takes, webhookCallOf } from '../domain/telling/channel.ts'
import { definitionOf } from '../domain/watching/check.ts'
import { type Heartbeat, newHeartbeat } from '../domain/watching/heartbeat.ts'
import { newCheck } from '../domain/watching/new-check.ts'
import { wantsOf } from '../domain/telling/webhook-request.ts'
import { checkAnswer } from './check-answer.ts'
import type { ApiDeps } from './deps.ts'
import type { Call } from './resource.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/**
 * A delivery as of an alert, about a check that does not exist: down, or up where a webhook takes
 * nothing else. Undefined when the channel takes neither.
 */
export function testDelivery(
  { random }: ApiDeps,
  channel: Channel,
  { call, projectName }: { readonly call: Call; readonly projectName: string },
): Delivery | undefined {
  const status = takes(channel, 'down') ? 'down' : takes(channel, 'up') ? 'up' : undefined
  if (status === undefined) return undefined
  const { caller, viewer } = call
  const { now } = viewer
  const made = newCheck({
    id: random.uuid(),
    projectId: caller.projectId,
    createdAt: now,
    badgeKey: random.uuid(),
  })
  const check = {
    ...made,
    name: 'TEST',
    slug: 'test',
    description: 'This is a test of a channel. No check is down.',
  }
  const from = status === 'down' ? 'up' : 'down'
  const flip = {
    checkId: check.id,
    at: now,
    count: 0,
    status,
    from,
    reason: status === 'down' ? 'timeout' : '',
  } as const
  const lastPingAt = status === 'down' ? now - 25 * HOUR_MS : now
  const heartbeat: Heartbeat = {
    ...newHeartbeat(check.id, definitionOf(check)),
    status,
    since: { at: now, count: 0 },
    lastPingAt,
  }
  const project = {
    id: caller.projectId,
    name: projectName,
    pingKey: '',
    badgeKey: '',
    checkLimit: 0,
    createdAt: now,
  }
  const alert = alertOf(
    { flip, heartbeat },
    { check, project, pings: [], lastBody: undefined, impairment: viewer.impairment },
  )
  const wanted = channel.kind === 'webhook' ? webhookCallOf(channel, status) : undefined
  const shown =
    wanted !== undefined && wantsOf(wanted).check
      ? { payload: { check: checkAnswer(check, heartbeat, viewer) } }
      : {}
  return { alert, channel, ...shown, isTest: true }
}
