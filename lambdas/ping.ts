import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { keptBody } from './domain/watching/kept-body.ts'
import { type Addressee, parsePingPath } from './domain/watching/ping-url.ts'
import { parseProvisioned, type ProvisionRefusal } from './domain/watching/provisioning.ts'
import { addresseeKey, spilledPing, type SpilledPing } from './domain/watching/spilled-ping.ts'
import {
  type PingAnswer,
  answer,
  answerToMethod,
  type UnknownPings,
  notFound,
  unknown,
} from './ping/answers.ts'
import { PingMemory } from './ping/memory.ts'
import { checkBehind, meaningOf, namedCheck, type NamingDeps } from './ping/named-check.ts'
import { rehearsedPing } from './ping/rehearsal.ts'
import { asksToCreate, type Mistaken, type Received, requestOf } from './ping/request.ts'
import { boundedCalls } from './runtime/bounded-calls.ts'
import { makeFunctionCall } from './runtime/call-function.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { countOrNone, oneOf, required, requiredCount } from './runtime/environment.ts'
import { type Front, isAdmitted, readFront } from './runtime/front.ts'
import { warn } from './runtime/log.ts'
import { within } from './runtime/within.ts'
import { connect } from './store/items/client.ts'
import { expiryAfter } from './store/items/expiry.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'
import { Journal } from './store/watching/journal.ts'
import { Lookups } from './store/registry/lookups.ts'
import { makeSpill } from './store/watching/spill.ts'

export type PingDeps = NamingDeps & {
  readonly heartbeats: Pick<Heartbeats, 'takePing' | 'isKnown'>
  readonly journal: Pick<Journal, 'putBody'>
  /** Lets a ping wait for its replay. */
  readonly spill: (spilled: SpilledPing) => Promise<void>
  readonly clock: Clock
  readonly unknownPings: UnknownPings
  /** How many bytes of a body are kept; infinity for all. */
  readonly bodyLimit: number
  readonly logDays: number
  readonly trustedFront: Front | undefined
  /** How many pings of one kind to one check are taken a minute; infinity for all. */
  readonly pingsPerMinute: number
}

type Parts = PingDeps & { readonly memory: PingMemory }

/*
 * An answer comes within three seconds, whatever hangs: what DynamoDB has not recorded in 1.7 s
 * goes to the spill queue, which has 0.9 s, and the rest is for the way.
 */
const RECORDING_MS = 1700
const SPILLING_MS = 900
const BODY_MS = 2400
const RETRY_AFTER_SECONDS = 5
const PROVISION_AFTER_SECONDS = 60

/** Takes pings: validates, records, answers. It never reads the registry. */
export function makePingHandler(
  deps: PingDeps,
): (event: APIGatewayProxyEventV2) => Promise<PingAnswer> {
  const parts: Parts = { ...deps, memory: new PingMemory(deps.pingsPerMinute) }
  return async (event) => {
    if (!isAdmitted(event, deps.trustedFront)) return answer(deps, [403, 'forbidden'])
    const answerToOther = answerToMethod(deps, event.requestContext.http.method)
    if (answerToOther !== undefined) return answerToOther
    const target = parsePingPath(event.rawPath)
    // No check has a long slug, and none can be made with it.
    if (target === undefined || (target === 'long-slug' && !asksToCreate(event)))
      return notFound(deps)
    if (typeof target === 'string') return answer(deps, [400, 'invalid url format'])
    const request = requestOf(deps, event, target)
    return 'mistake' in request
      ? correct(deps, target.addressee, request)
      : take(parts, target.addressee, request)
  }
}

/**
 * Tells a mistake to who names a check. While nobody can say whether there is one, it is told as
 * well: it gets no better by waiting.
 */
async function correct(
  deps: PingDeps,
  addressee: Addressee,
  { mistake, mayCreate }: Mistaken,
): Promise<PingAnswer> {
  const found = await within(
    deps.clock,
    deps.clock.now() + RECORDING_MS,
    refusalOf(deps, addressee, mayCreate),
  )
  const refusal = 'done' in found ? found.done : undefined
  return refusal === undefined ? answer(deps, [400, mistake]) : refused(deps, addressee, refusal)
}

type Refusal = ProvisionRefusal

/** Before anything is made. */
async function refusalOf(
  deps: PingDeps,
  addressee: Addressee,
  mayCreate: boolean,
): Promise<Refusal | undefined> {
  if ('checkId' in addressee)
    return (await deps.heartbeats.isKnown(addressee.checkId)) ? undefined : 'unknown'
  const found = await checkBehind(deps.lookups, addressee, mayCreate)
  return typeof found === 'object' && 'refusal' in found ? found.refusal : undefined
}

/**
 * Every error makes the ping wait, even one that is a mistake of ours: it must not be lost, and the
 * operator hears of it all the same.
 */
async function take(parts: Parts, addressee: Addressee, received: Received): Promise<PingAnswer> {
  const key = addresseeKey(addressee)
  const waitMs = parts.memory.waitMs(key, received)
  if (waitMs > 0)
    return answer(parts, [429, 'too many pings'], {
      'Retry-After': Math.ceil(waitMs / 1000).toString(),
    })
  const recorded = await within(
    parts.clock,
    received.ping.at + RECORDING_MS,
    record(parts, addressee, received),
  )
  if ('failure' in recorded)
    return spill(parts, addressee, { ...received, failure: recorded.failure })
  if ('refusal' in recorded.done) return refused(parts, addressee, recorded.done.refusal)
  parts.memory.took(key, received, recorded.done)
  if (received.body.length > 0) await keepBody(parts, recorded.done, received)
  return recorded.done.isNew ? answer(parts, [201, 'Created']) : answer(parts, [200, 'OK'])
}

type Recorded = {
  readonly checkId: string
  readonly number: number
  readonly isNew: boolean
  readonly hasBodyRules: boolean
}

async function record(
  parts: Parts,
  addressee: Addressee,
  { ping, body, mayCreate }: Received,
): Promise<Recorded | { readonly refusal: Refusal }> {
  const named = await namedCheck(parts, addressee, mayCreate)
  if ('refusal' in named) return named
  const { checkId } = named
  let hasBodyRules = false
  const isNowhere =
    'checkId' in addressee &&
    parts.memory.isDoubtful(checkId, ping.at) &&
    !(await parts.heartbeats.isKnown(checkId))
  const typeByBody = () => ((hasBodyRules = true), meaningOf(parts.lookups, checkId, body))
  const stored = isNowhere ? 'missing' : await parts.heartbeats.takePing(checkId, ping, typeByBody)
  if (stored !== 'missing') return { ...named, number: stored.number, hasBodyRules }
  parts.memory.missed(checkId, ping.at)
  return { refusal: 'unknown' }
}

/**
 * Lets a ping wait for better times; who sent it need not know. When not even that works, it is
 * asked to come again.
 */
async function spill(
  deps: Parts,
  addressee: Addressee,
  { failure, ...received }: Received & { failure: string },
): Promise<PingAnswer> {
  const check = 'checkId' in addressee ? addressee.checkId : undefined
  const spilled = spilledPing(addressee, received.ping, received)
  const cutBytes = received.ping.bodyBytes - spilled.ping.bodyBytes
  const sent = await within(deps.clock, deps.clock.now() + SPILLING_MS, deps.spill(spilled))
  if ('failure' in sent) {
    warn('ping-refused', { check, error: failure, spillError: sent.failure })
    return answer(deps, [503, 'try again later'], { 'Retry-After': RETRY_AFTER_SECONDS.toString() })
  }
  // Nobody knows whether its body decides, so it counts.
  if (check !== undefined) deps.memory.took(check, received, { checkId: check, hasBodyRules: true })
  warn('ping-spilled', { check, error: failure, ...(cutBytes > 0 ? { cutBytes } : {}) })
  return answer(deps, [200, 'OK'])
}

/** A ping counts even when its body can't be kept. */
async function keepBody(
  deps: PingDeps,
  { checkId, number }: Recorded,
  { body, ping }: Received,
): Promise<void> {
  const put = deps.journal.putBody(
    checkId,
    number,
    keptBody(body, ping),
    expiryAfter(deps.logDays, ping.at),
  )
  const kept = await within(deps.clock, ping.at + BODY_MS, put)
  if ('failure' in kept) warn('body-lost', { check: checkId, number, error: kept.failure })
}

/** An unknown slug is 404 whatever the setting `unknownPings`. */
function refused(deps: PingDeps, addressee: Addressee, refusal: Refusal): PingAnswer {
  if (refusal === 'limited')
    return answer(deps, [429, 'too many new checks'], {
      'Retry-After': PROVISION_AFTER_SECONDS.toString(),
    })
  if (refusal === 'ambiguous') return answer(deps, [409, 'ambiguous slug'])
  return 'checkId' in addressee ? unknown(deps) : notFound(deps)
}

/**
 * Takes a ping that comes to nothing, by stores that call nobody, so that a job's ping finds
 * compiled what it runs.
 */
export function rehearse(deps: PingDeps): Promise<PingAnswer> {
  const nowhere = Object.assign(new DynamoDBClient(), { send: () => Promise.resolve({}) })
  const nothing = () => Promise.reject(new Error('a rehearsal comes to nothing'))
  return makePingHandler({
    ...deps,
    heartbeats: new Heartbeats(nowhere, ''),
    journal: new Journal(nowhere, ''),
    lookups: new Lookups(nowhere, ''),
    provision: nothing,
    spill: nothing,
    trustedFront: undefined,
  })(rehearsedPing)
}

/** Two tries have to fit into the time that recording has. */
const dynamo = new DynamoDBClient(
  boundedCalls({ connectionTimeoutMs: 800, requestTimeoutMs: 800, maxAttempts: 2 }),
)
/** All the time that recording has: a function that is started for it takes most of that. */
const provision = makeFunctionCall(required('PROVISION_FUNCTION'), {
  connectionTimeoutMs: 800,
  requestTimeoutMs: RECORDING_MS,
  maxAttempts: 2,
})

const live: PingDeps = {
  heartbeats: new Heartbeats(dynamo, required('HEARTBEATS_TABLE')),
  journal: new Journal(dynamo, required('JOURNAL_TABLE')),
  lookups: new Lookups(dynamo, required('LOOKUPS_TABLE')),
  provision: async (alias) => parseProvisioned(await provision(alias)),
  spill: makeSpill(required('SPILL_QUEUE_URL')),
  clock,
  unknownPings: oneOf('UNKNOWN_PINGS', ['open', 'hosted', 'strict']),
  bodyLimit: countOrNone('PING_BODY_LIMIT'),
  logDays: requiredCount('LOG_DAYS'),
  trustedFront: readFront(),
  pingsPerMinute: countOrNone('PING_RATE'),
}

export const handler = makePingHandler(live)

// Lambda waits for this before it gives the instance its first ping.
await connect(dynamo, () => rehearse(live))
