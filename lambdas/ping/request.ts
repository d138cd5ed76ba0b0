import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { lengthsOf } from '../domain/watching/kept-body.ts'
import type { Ping } from '../domain/watching/ping.ts'
import type { Addressee } from '../domain/watching/ping-url.ts'
import { shortUserAgent } from '../domain/wire/user-agent.ts'
import type { Clock } from '../runtime/clock.ts'
import type { TrustedFront } from '../runtime/front.ts'
import { sourceOf } from '../runtime/http.ts'
import { keptBytes } from '../store/items/packed-body.ts'
import type { Dialect, Mistaken, Spoken, TakenAnswers, Unspoken } from './dialects/dialect.ts'
import { healthchecks } from './dialects/healthchecks.ts'
import { ohDear } from './dialects/oh-dear.ts'

/** A ping with its whole body, of which only a part may be kept. */
export type ReceivedPing = {
  readonly addressee: Addressee
  readonly ping: Ping
  readonly body: Buffer
  readonly mayCreate: boolean
  readonly taken: TakenAnswers
}

export type RequestSettings = {
  readonly clock: Pick<Clock, 'now'>
  /** How many bytes of a body are kept; infinity for all. */
  readonly bodyLimit: number
  readonly trustedFront: TrustedFront | undefined
}

/** Each request is in the words of the first that can read it. */
const dialects: readonly Dialect[] = [ohDear, healthchecks]

/** A ping as it came, or what is wrong with it. */
export function readPing(
  settings: RequestSettings,
  event: APIGatewayProxyEventV2,
): ReceivedPing | Mistaken | Unspoken {
  for (const { read, taken } of dialects) {
    const request = read(event)
    if (request !== undefined)
      return 'signal' in request ? receivedPing(settings, event, { ...request, taken }) : request
  }
  return { refused: [404, 'not found'] }
}

function receivedPing(
  { clock, bodyLimit, trustedFront }: RequestSettings,
  event: APIGatewayProxyEventV2,
  { addressee, mayCreate, body, taken, ...said }: Spoken & Pick<Dialect, 'taken'>,
): ReceivedPing {
  const ping = {
    at: clock.now(),
    ...said,
    ...lengthsOf(body.length, keptBytes(body, bodyLimit)),
    requestId: event.requestContext.requestId,
    ...sourceOf(event, trustedFront),
    method: event.requestContext.http.method,
    userAgent: shortUserAgent(event.headers['user-agent'] ?? ''),
  }
  return { addressee, ping, body, mayCreate, taken }
}
