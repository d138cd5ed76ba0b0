import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Addressee } from '../domain/watching/ping-url.ts'
import type { ProvisionRefusal } from '../domain/watching/provisioning.ts'
import type { Clock } from '../runtime/clock.ts'

/**
 * How an unknown UUID is answered: as the open-source server of Healthchecks does, as its hosted
 * one does, or as an error of access.
 */
export type UnknownPings = 'open' | 'hosted' | 'strict'

export type PingAnswer = APIGatewayProxyStructuredResultV2

export type AnswerSettings = {
  readonly clock: Pick<Clock, 'now'>
  readonly unknownPings: UnknownPings
  /** How many bytes of a body are kept; infinity for all. */
  readonly bodyLimit: number
}

const PROVISION_AFTER_SECONDS = 60
const ALLOWED = 'GET, HEAD, POST, OPTIONS'

export function answer(
  { clock, bodyLimit }: Omit<AnswerSettings, 'unknownPings'>,
  [statusCode, body]: readonly [statusCode: number, body: string],
  further: Readonly<Record<string, string>> = {},
): PingAnswer {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Access-Control-Allow-Origin': '*',
    'Cache-Control': 'max-age=0, no-cache, no-store, must-revalidate, private',
    Expires: new Date(clock.now()).toUTCString(),
    ...(bodyLimit === Infinity ? {} : { 'Ping-Body-Limit': bodyLimit.toString() }),
    ...further,
  }
  return { statusCode, headers, body }
}

/** The answer to a request whose method no ping has; undefined when it may be a ping. */
export function answerToMethod(settings: AnswerSettings, method: string): PingAnswer | undefined {
  switch (method) {
    case 'GET':
    case 'HEAD':
    case 'POST':
      return undefined
    case 'OPTIONS':
      return answer(settings, [204, ''], preflight)
    default:
      return answer(settings, [405, 'method not allowed'], { Allow: ALLOWED })
  }
}

const preflight = {
  'Access-Control-Allow-Methods': ALLOWED,
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '600',
}

function notFound(settings: AnswerSettings): PingAnswer {
  return answer(settings, [404, 'not found'])
}

/** For UUIDs; an unknown slug is always 404. */
export function unknown(settings: AnswerSettings): PingAnswer {
  switch (settings.unknownPings) {
    case 'open':
      return notFound(settings)
    case 'hosted':
      return answer(settings, [200, 'OK (not found)'])
    case 'strict':
      return answer(settings, [401, 'not authorized'])
  }
}

/**
 * The answer to a ping that comes to no check. An unknown slug is 404 whatever the setting
 * `unknownPings`.
 */
export function refused(
  settings: AnswerSettings,
  addressee: Addressee,
  refusal: ProvisionRefusal,
): PingAnswer {
  if (refusal === 'limited')
    return answer(settings, [429, 'too many new checks'], {
      'Retry-After': PROVISION_AFTER_SECONDS.toString(),
    })
  if (refusal === 'ambiguous') return answer(settings, [409, 'ambiguous slug'])
  return 'checkId' in addressee ? unknown(settings) : notFound(settings)
}
