import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { createHash, timingSafeEqual } from 'node:crypto'
import { optional, required } from './environment.ts'

/**
 * The distribution that carries pings and API under one name. It proves itself by a secret; it
 * sends the newest of those that are accepted.
 */
export type Distribution = { readonly domain: string; readonly secrets: readonly string[] }

/** The one front that is believed: a proxy, known by its address, or the distribution. */
export type TrustedFront = string | Distribution

/**
 * Headers that the distribution sets on each request, whatever its sender wrote there
 * (`lib/front.ts`).
 */
export const SECRET_HEADER = 'overdue-secret'
export const VIEWER_HEADER = 'overdue-viewer'

/** A shorter secret was not made by the stack, and an empty one would let everybody in. */
const SHORTEST_SECRET = 32

/**
 * The front that the stack names.
 * @throws when one of its secrets is too short.
 */
export function readFront(): TrustedFront | undefined {
  const domain = optional('DOMAIN')
  if (domain === undefined) return optional('TRUSTED_FRONT')
  const secrets = required('FRONT_SECRETS').split(',')
  if (secrets.some(({ length }) => length < SHORTEST_SECRET))
    throw new Error('environment variable FRONT_SECRETS holds what is no secret')
  return { domain, secrets }
}

/**
 * Whether a request may come in: where there is a distribution, only through it. The time of the
 * comparison tells nothing of the secret.
 */
export function isAdmitted(
  { headers }: Pick<APIGatewayProxyEventV2, 'headers'>,
  front: TrustedFront | undefined,
): boolean {
  if (front === undefined || typeof front === 'string') return true
  const given = digestOf(headers[SECRET_HEADER] ?? '')
  return front.secrets.some((secret) => timingSafeEqual(digestOf(secret), given))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
