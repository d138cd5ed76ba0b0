import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Ping } from './domain/ping.ts'
import { parsePingPath, parseRunId, type PingTarget } from './domain/ping-url.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { oneOf, optional, required, requiredCount } from './runtime/environment.ts'
import { bodyOf, sourceOf } from './runtime/http.ts'
import { nameOf, warn } from './runtime/log.ts'
import { makeDynamoClient } from './store/client.ts'
import { Heartbeats } from './store/heartbeats.ts'
import { Journal } from './store/journal.ts'

/** How an unknown UUID is answered: as the open-source server of Healthchecks does, as its hosted one does, or as an error of access. */
export type Dialect = 'open' | 'hosted' | 'strict'

export type PingDeps = {
  readonly heartbeats: Pick<Heartbeats, 'takePing' | 'isKnown'>
  readonly journal: Pick<Journal, 'putBody'>
  readonly clock: Pick<Clock, 'now'>
  readonly dialect: Dialect
  /** How many bytes of a body are kept; infinity for all. */
  readonly bodyLimit: number
  readonly logDays: number
  readonly trustedFront: string | undefined
}

type Answer = APIGatewayProxyStructuredResultV2

const USER_AGENT_LENGTH = 200
const USER_AGENT_BYTES = 300

/** Takes pings: validates, records, answers. It never reads the registry. */
export function makePingHandler(deps: PingDeps): (event: APIGatewayProxyEventV2) => Promise<Answer> {
  return async (event) => {
    const { method } = event.requestContext.http
    if (method === 'OPTIONS') return answer(deps, 204, '', preflight)
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return answer(deps, 405, 'method not allowed', { Allow: ALLOWED })
    const target = parsePingPath(event.rawPath)
    if (target === undefined) return answer(deps, 404, 'not found')
    const runId = runIdOf(event.rawQueryString)
    if (target.signal === 'invalid-exit-status' || runId === 'invalid') {
      const isKnown = await deps.heartbeats.isKnown(target.checkId)
      return isKnown
        ? answer(deps, 400, target.signal === 'invalid-exit-status' ? 'invalid url format' : 'invalid uuid format')
        : unknown(deps)
    }
    return record(deps, event, target, runId)
  }
}

async function record(deps: PingDeps, event: APIGatewayProxyEventV2, target: PingTarget, runId: string | undefined): Promise<Answer> {
  const body = bodyOf(event).subarray(0, deps.bodyLimit)
  const ping = pingOf(deps, event, target, { runId, bodyBytes: body.length })
  const stored = await deps.heartbeats.takePing(target.checkId, ping)
  if (stored === 'missing') return unknown(deps)
  if (body.length > 0) await keepBody(deps, target.checkId, stored.number, { body, at: ping.at })
  return answer(deps, 200, 'OK')
}

type Extras = { readonly runId: string | undefined; readonly bodyBytes: number }

function pingOf(deps: PingDeps, event: APIGatewayProxyEventV2, target: PingTarget, { runId, bodyBytes }: Extras): Ping {
  return {
    signal: target.signal,
    at: deps.clock.now(),
    requestId: event.requestContext.requestId,
    ...sourceOf(event, deps.trustedFront),
    method: event.requestContext.http.method,
    userAgent: shortened(event.headers['user-agent'] ?? ''),
    bodyBytes,
    ...(target.exitStatus === undefined ? {} : { exitStatus: target.exitStatus }),
    ...(runId === undefined ? {} : { runId }),
  }
}

/** Headers may hold anything; a heartbeat must stay below 1 KB. */
function shortened(userAgent: string): string {
  const text = userAgent.slice(0, USER_AGENT_LENGTH).toWellFormed()
  return Buffer.byteLength(text) <= USER_AGENT_BYTES
    ? text
    : Buffer.from(text)
        .subarray(0, USER_AGENT_BYTES)
        .toString()
        .replace(/\uFFFD+$/, '')
}

/** A ping counts even when its body can't be kept. */
async function keepBody(
  deps: PingDeps,
  checkId: string,
  number: number,
  { body, at }: { readonly body: Buffer; readonly at: number },
): Promise<void> {
  try {
    await deps.journal.putBody(checkId, number, body, Math.floor(at / 1000) + deps.logDays * 86_400)
  } catch (error) {
    warn('body-lost', { check: checkId, number, error: nameOf(error) })
  }
}

function runIdOf(query: string): string | undefined {
  const text = new URLSearchParams(query).getAll('rid').at(-1)
  return text === undefined ? undefined : (parseRunId(text) ?? 'invalid')
}

function unknown(deps: PingDeps): Answer {
  switch (deps.dialect) {
    case 'open':
      return answer(deps, 404, 'not found')
    case 'hosted':
      return answer(deps, 200, 'OK (not found)')
    case 'strict':
      return answer(deps, 401, 'not authorized')
  }
}

const ALLOWED = 'GET, HEAD, POST, OPTIONS'
const preflight = { 'Access-Control-Allow-Methods': ALLOWED, 'Access-Control-Allow-Headers': '*', 'Access-Control-Max-Age': '600' }

function answer(deps: PingDeps, statusCode: number, body: string, further: Readonly<Record<string, string>> = {}): Answer {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Access-Control-Allow-Origin': '*',
    'Cache-Control': 'max-age=0, no-cache, no-store, must-revalidate, private',
    Expires: new Date(deps.clock.now()).toUTCString(),
    ...(deps.bodyLimit === Infinity ? {} : { 'Ping-Body-Limit': deps.bodyLimit.toString() }),
    ...further,
  }
  return { statusCode, headers, body }
}

const dynamo = makeDynamoClient()
const limit = required('PING_BODY_LIMIT')

export const handler = makePingHandler({
  heartbeats: new Heartbeats(dynamo, required('HEARTBEATS_TABLE')),
  journal: new Journal(dynamo, required('JOURNAL_TABLE')),
  clock,
  dialect: oneOf('DIALECT', ['open', 'hosted', 'strict']),
  bodyLimit: limit === 'none' ? Infinity : requiredCount('PING_BODY_LIMIT'),
  logDays: requiredCount('LOG_DAYS'),
  trustedFront: optional('TRUSTED_FRONT'),
})
