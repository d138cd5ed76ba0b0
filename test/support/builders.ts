import type { Author } from '../../lambdas/domain/people/audit.ts'
import { type Check, definitionOf, noFilters } from '../../lambdas/domain/watching/check.ts'
import { newHeartbeat, type Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import type { Miss } from '../../lambdas/domain/watching/deadline.ts'
import { type KeptBody, keptBody } from '../../lambdas/domain/watching/kept-body.ts'
import type { Ping } from '../../lambdas/domain/watching/ping.ts'
import type { Window } from '../../lambdas/domain/watching/window.ts'

/** 2026-01-01T00:00:00Z, in the middle of nothing. */
export const start = Date.UTC(2026, 0, 1)
export const minute = 60_000
export const hour = 60 * minute

/** Whoever changes something in a test. */
export const somebody: Author = {
  actor: { kind: 'user', id: 'user', email: 'ana@example.com' },
  requestId: 'request',
  address: '203.0.113.7',
}

/**
 * A check that is pinged hourly and may be ten minutes late. With an id of its own it has a badge
 * key of its own.
 */
export function aCheck(fields: Partial<Check> = {}): Check {
  const { id = '11111111-1111-4111-8111-111111111111' } = fields
  return {
    id,
    projectId: '22222222-2222-4222-8222-222222222222',
    version: 1,
    createdAt: start,
    name: 'nightly backup',
    slug: '',
    tags: '',
    description: '',
    schedule: { kind: 'simple', periodSeconds: 3600 },
    timeZone: 'UTC',
    graceSeconds: 600,
    methods: '',
    manualResume: false,
    filters: noFilters,
    channelIds: [],
    badgeKey: `33333333${id.slice(8)}`,
    ...fields,
  }
}

/** Such a check with every rule there is. */
export function withAllRules(fields: Partial<Check> = {}): Check {
  return aCheck({
    rules: {
      maxRuntimeSeconds: 7200,
      minRuntimeSeconds: 30,
      earlySeconds: 600,
      mostPings: { count: 5, seconds: 3600 },
      failures: { count: 2, of: 4 },
      successes: 2,
      repeatSeconds: 3600,
      escalate: [{ afterSeconds: 600, channelIds: ['44444444-4444-4444-8444-444444444444'] }],
      dependsOn: ['55555555-5555-4555-8555-555555555555'],
    },
    ...fields,
  })
}

/** The heartbeat of such a check; new, unless the fields say otherwise. */
export function aHeartbeat(fields: Partial<Heartbeat> = {}): Heartbeat {
  return { ...newHeartbeat(aCheck().id, definitionOf(aCheck())), ...fields }
}

/** The same, up since its only ping at `start`. */
export function anUpHeartbeat(fields: Partial<Heartbeat> = {}): Heartbeat {
  const since = { at: start, count: 0 }
  return aHeartbeat({ status: 'up', lastPingAt: start, since, pingCount: 1, ...fields })
}

/** What happens to such a heartbeat at a deadline. */
export function aMiss(at: number): Miss {
  return { at, cause: { kind: 'missed', dueAt: at - 10 * minute } }
}

/** A success, sent by curl at `start`. */
export function aPing(fields: Partial<Ping> = {}): Ping {
  return {
    signal: 'success',
    at: start,
    requestId: 'request-1',
    scheme: 'https',
    method: 'GET',
    address: '198.51.100.7',
    userAgent: 'curl/8.5.0',
    bodyBytes: 0,
    ...fields,
  }
}

/** What is kept of a body that nobody cut. */
export function aBody(content: Uint8Array | string): KeptBody {
  const bytes = Buffer.from(content)
  return keptBody(bytes, { bodyBytes: bytes.length })
}

/** A window for all checks of a project, from `start` for an hour. */
export function aWindow(fields: Partial<Window> = {}): Window {
  return {
    id: '44444444-4444-4444-8444-444444444444',
    number: 0,
    since: 1,
    name: 'patching',
    tags: '',
    lengthSeconds: 3600,
    times: { kind: 'once', startAt: start },
    ...fields,
  }
}
