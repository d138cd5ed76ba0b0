import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { typeByBody } from './domain/body-rules.ts'
import type { Alias } from './domain/lookup.ts'
import type { Ping } from './domain/ping.ts'
import { parsePingPath, parseRunId, type PingTarget } from './domain/ping-url.ts'
import { parseProvisioned, type Provisioned } from './domain/provisioning.ts'
import { shortUserAgent } from './domain/user-agent.ts'
import { callFunction } from './runtime/call-function.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { oneOf, required, requiredCount } from './runtime/environment.ts'
import { type Front, isAdmitted, readFront } from './runtime/front.ts'
import { bodyOf, sourceOf } from './runtime/http.ts'
import { nameOf, warn } from './runtime/log.ts'
import { makeDynamoClient } from './store/client.ts'
import { Heartbeats } from './store/heartbeats.ts'
import { Journal } from './store/journal.ts'
import { Lookups } from './store/lookups.ts'

/** How an unknown UUID is answered: as the open-source server of Healthchecks does, as its hosted one does, or as an error of access. */
export type Dialect = 'open' | 'hosted' | 'strict'

export type PingDeps = {
  readonly heartbeats: Pick<Heartbeats, 'takePing' | 'isKnown'>
  readonly journal: Pick<Journal, 'putBody'>
  readonly lookups: Pick<Lookups, 'checksBehind' | 'bodyRules' | 'isPingKey'>
  /** Makes the check with a slug unless there is one. */
  readonly provision: (alias: Alias) => Promise<Provisioned>
  readonly clock: Pick<Clock, 'now'>
  readonly dialect: Dialect
  /** How many bytes of a body are kept; infinity for all. */
  readonly bodyLimit: number
  readonly logDays: number
  readonly trustedFront: Front | undefined
}

type Answer = APIGatewayProxyStructuredResultV2

/** Takes pings: validates, records, answers. It never reads the registry. */
export function makePingHandler(deps: PingDeps): (event: APIGatewayProxyEventV2) => Promise<Answer> {
  return async (event) => {
    if (!isAdmitted(event, deps.trustedFront)) return answer(deps, 403, 'forbidden')
    const { method } = event.requestContext.http
    if (method === 'OPTIONS') return answer(deps, 204, '', preflight)
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return answer(deps, 405, 'method not allowed', { Allow: ALLOWED })
    const target = parsePingPath(event.rawPath)
    if (target === undefined) return notFound(deps)
    if (target === 'invalid-slug') return answer(deps, 400, 'invalid url format')
    const request = requestOf(deps, event, target)
    return 'checkId' in target.addressee ? byUuid(deps, target.addressee.checkId, request) : bySlug(deps, target.addressee, request)
  }
}

/** A ping as it came; or what is wrong with it, which is told only to who names a check. */
type Request = ({ readonly ping: Ping; readonly body: Buffer } | { readonly mistake: string }) & { readonly mayCreate: boolean }

function requestOf(deps: PingDeps, event: APIGatewayProxyEventV2, { signal, exitStatus }: PingTarget): Request {
  const query = new URLSearchParams(event.rawQueryString)
  const mayCreate = query.getAll('create').at(-1) === '1'
  const runId = runIdOf(query)
  if (signal === 'invalid-exit-status') return { mistake: 'invalid url format', mayCreate }
  if (runId === 'invalid') return { mistake: 'invalid uuid format', mayCreate }
  const body = bodyOf(event).subarray(0, deps.bodyLimit)
  return { ping: pingOf(deps, event, { signal, exitStatus, runId, bodyBytes: body.length }), body, mayCreate }
}

async function byUuid(deps: PingDeps, checkId: string, request: Request): Promise<Answer> {
  if ('mistake' in request) return (await deps.heartbeats.isKnown(checkId)) ? answer(deps, 400, request.mistake) : unknown(deps)
  const isRecorded = await record(deps, checkId, request)
  return isRecorded ? answer(deps, 200, 'OK') : unknown(deps)
}

async function bySlug(deps: PingDeps, alias: Alias, request: Request): Promise<Answer> {
  const [checkId, ...others] = await deps.lookups.checksBehind(alias)
  if (others.length > 0) return answer(deps, 409, 'ambiguous slug')
  if (checkId === undefined && !(request.mayCreate && (await deps.lookups.isPingKey(alias.pingKey)))) return notFound(deps)
  // Before anything is made.
  if ('mistake' in request) return answer(deps, 400, request.mistake)
  const provisioned = checkId === undefined ? await deps.provision(alias) : { checkId, isNew: false }
  if ('refusal' in provisioned) return provisioned.refusal === 'ambiguous' ? answer(deps, 409, 'ambiguous slug') : notFound(deps)
  if (!(await record(deps, provisioned.checkId, request))) return notFound(deps)
  return provisioned.isNew ? answer(deps, 201, 'Created') : answer(deps, 200, 'OK')
}

type Received = { readonly ping: Ping; readonly body: Buffer }

/** Whether there was a check to record the ping for. */
async function record(deps: PingDeps, checkId: string, { ping, body }: Received): Promise<boolean> {
  const stored = await deps.heartbeats.takePing(checkId, ping, async () => {
    const rules = await deps.lookups.bodyRules(checkId)
    return rules && typeByBody(rules, body)
  })
  if (stored === 'missing') return false
  if (body.length > 0) await keepBody(deps, checkId, stored.number, { body, at: ping.at })
  return true
}

type Said = Pick<Ping, 'signal' | 'bodyBytes'> & { readonly exitStatus: number | undefined; readonly runId: string | undefined }

function pingOf(deps: PingDeps, event: APIGatewayProxyEventV2, { signal, exitStatus, runId, bodyBytes }: Said): Ping {
  return {
    signal,
    at: deps.clock.now(),
    requestId: event.requestContext.requestId,
    ...sourceOf(event, deps.trustedFront),
    method: event.requestContext.http.method,
    userAgent: shortUserAgent(event.headers['user-agent'] ?? ''),
    bodyBytes,
    ...(exitStatus === undefined ? {} : { exitStatus }),
    ...(runId === undefined ? {} : { runId }),
  }
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

function runIdOf(query: URLSearchParams): string | undefined {
  const text = query.getAll('rid').at(-1)
  return text === undefined ? undefined : (parseRunId(text) ?? 'invalid')
}

function notFound(deps: PingDeps): Answer {
  return answer(deps, 404, 'not found')
}

/** An unknown slug is not found in every dialect. */
function unknown(deps: PingDeps): Answer {
  switch (deps.dialect) {
    case 'open':
      return notFound(deps)
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
const provisionFunction = required('PROVISION_FUNCTION')

export const handler = makePingHandler({
  heartbeats: new Heartbeats(dynamo, required('HEARTBEATS_TABLE')),
  journal: new Journal(dynamo, required('JOURNAL_TABLE')),
  lookups: new Lookups(dynamo, required('LOOKUPS_TABLE')),
  provision: async (alias) => parseProvisioned(await callFunction(provisionFunction, alias)),
  clock,
  dialect: oneOf('DIALECT', ['open', 'hosted', 'strict']),
  bodyLimit: limit === 'none' ? Infinity : requiredCount('PING_BODY_LIMIT'),
  logDays: requiredCount('LOG_DAYS'),
  trustedFront: readFront(),
})
