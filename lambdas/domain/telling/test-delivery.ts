import type { Project } from '../people/project.ts'
import { type Check, definitionOf } from '../watching/check.ts'
import type { Flip } from '../watching/flip.ts'
import { type Heartbeat, newHeartbeat } from '../watching/heartbeat.ts'
import type { Impairment } from '../watching/impairment.ts'
import { alertOf, type Delivery } from './alert.ts'
import type { ChannelBase } from './channel.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/**
 * What a test is about. `made` is a check that nobody stores, and `show` shows it to a channel that
 * asks for it.
 */
export type TestTerms = {
  readonly status: 'down' | 'up'
  readonly isShown: boolean
  readonly made: Check
  readonly projectName: string
  readonly now: number
  readonly impairment: Impairment
  readonly show: (check: Check, heartbeat: Heartbeat) => object
}

/** A delivery as of an alert, about a check that does not exist. */
export function testDelivery(channel: ChannelBase, terms: TestTerms): Delivery {
  const { status, isShown, now, impairment, show } = terms
  const check = {
    ...terms.made,
    name: 'TEST',
    slug: 'test',
    description: 'This is a test of a channel. No check is down.',
  }
  const heartbeat = heartbeatOf(check, status, now)
  const alert = alertOf(
    { flip: flipTo(status, check.id, now), heartbeat },
    { check, project: projectOf(terms), pings: [], lastBody: undefined, impairment },
  )
  const payload = isShown ? { payload: { check: show(check, heartbeat) } } : {}
  return { alert, channel, ...payload, isTest: true }
}

function heartbeatOf(check: Check, status: 'down' | 'up', now: number): Heartbeat {
  const cause = { kind: 'missed', dueAt: now - check.graceSeconds * 1000 } as const
  return {
    ...newHeartbeat(check.id, definitionOf(check)),
    status,
    since: { at: now, count: 0, ...(status === 'down' ? { cause } : {}) },
    lastPingAt: status === 'down' ? now - 25 * HOUR_MS : now,
  }
}

function flipTo(status: 'down' | 'up', checkId: string, at: number): Flip {
  return status === 'down'
    ? { checkId, at, count: 0, status, from: 'up', reason: 'timeout' }
    : { checkId, at, count: 0, status, from: 'down', reason: '' }
}

function projectOf({ made, projectName, now }: TestTerms): Project {
  return {
    id: made.projectId,
    name: projectName,
    pingKey: '',
    badgeKey: '',
    checkLimit: 0,
    createdAt: now,
  }
}
