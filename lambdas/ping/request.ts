import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type BodyLengths, lengthsOf } from '../domain/watching/kept-body.ts'
import type { Ping } from '../domain/watching/ping.ts'
import type { PingTarget } from '../domain/watching/ping-url.ts'
import { shortUserAgent } from '../domain/wire/user-agent.ts'
import { parseUuid } from '../domain/wire/uuid.ts'
import type { Clock } from '../runtime/clock.ts'
import type { TrustedFront } from '../runtime/front.ts'
import { bodyOf, sourceOf } from '../runtime/http.ts'
import { keptBytes } from '../store/items/packed-body.ts'

/** A ping with its whole body, of which only a part may be kept. */
export type ReceivedPing = {
  readonly ping: Ping
  readonly body: Buffer
  readonly mayCreate: boolean
}

/** What is wrong with a ping. Only the sender of a ping to an existing check gets to know it. */
export type Mistaken = { readonly mistake: string; readonly mayCreate: boolean }

export type RequestSettings = {
  readonly clock: Pick<Clock, 'now'>
  /** How many bytes of a body are kept; infinity for all. */
  readonly bodyLimit: number
  readonly trustedFront: TrustedFront | undefined
}

/** A ping as it came, or what is wrong with it. */
export function readPing(
  settings: RequestSettings,
  event: APIGatewayProxyEventV2,
  { signal, exitStatus }: PingTarget,
): ReceivedPing | Mistaken {
  const query = new URLSearchParams(event.rawQueryString)
  const mayCreate = asksToCreate(event)
  const runId = runIdOf(query)
  if (signal === 'invalid-exit-status') return { mistake: 'invalid url format', mayCreate }
  if (runId === 'invalid') return { mistake: 'invalid uuid format', mayCreate }
  const at = settings.clock.now()
  const body = bodyOf(event)
  const lengths = lengthsOf(body.length, keptBytes(body, settings.bodyLimit))
  return {
    ping: pingOf(settings, event, { at, signal, exitStatus, runId, ...lengths }),
    body,
    mayCreate,
  }
}

/** The last of a parameter's values counts, here and below. */
export function asksToCreate({
  rawQueryString,
}: Pick<APIGatewayProxyEventV2, 'rawQueryString'>): boolean {
  return new URLSearchParams(rawQueryString).getAll('create').at(-1) === '1'
}

type PingParts = Pick<Ping, 'at' | 'signal'> &
  BodyLengths & { readonly exitStatus: number | undefined; readonly runId: string | undefined }

function pingOf(
  { trustedFront }: RequestSettings,
  event: APIGatewayProxyEventV2,
  { exitStatus, runId, ...parts }: PingParts,
): Ping {
  return {
    ...parts,
    requestId: event.requestContext.requestId,
    ...sourceOf(event, trustedFront),
    method: event.requestContext.http.method,
    userAgent: shortUserAgent(event.headers['user-agent'] ?? ''),
    ...(exitStatus === undefined ? {} : { exitStatus }),
    ...(runId === undefined ? {} : { runId }),
  }
}

function runIdOf(query: URLSearchParams): string | undefined {
  const text = query.getAll('rid').at(-1)
  return text === undefined ? undefined : (parseUuid(text) ?? 'invalid')
}
