import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { createHash, timingSafeEqual } from 'node:crypto'
import { optional, required } from './environment.ts'

/**
 * The distribution that carries pings and API under one name. It proves itself with a secret, the
 * newest of those that are taken.
 */
export type Distribution = { readonly domain: string; readonly secrets: readonly string[] }

/** The one front whose word is taken: a proxy, known by its address, or the distribution. */
export type TrustedFront = string | Distribution

/**
 * What the distribution adds to each request, in place of whatever its sender wrote there
 * (`lib/front.ts`).
 */
export const SECRET_HEADER = 'overdue-secret'
export const VIEWER_HEADER = 'overdue-viewer'

/** Less is none that the stack made, and an empty one would let everybody in. */
const SHORTEST_SECRET = 32

/** The front that the stack has told of. @throws when its secrets are none. */
export function readFront(): TrustedFront | undefined {
  const domain = optional('DOMAIN')
  if (domain === undefined) return optional('TRUSTED_FRONT')
  const secrets = required('FRONT_SECRETS').split(',')
  if (secrets.some(({ length }) => length < SHORTEST_SECRET))
    throw new Error('environment variable FRONT_SECRETS holds what is no secret')
  return { domain, secrets }
}

/**
 * Whether a request came as it has to: with a distribution, through it. How long the answer takes
 * tells nothing of the secret.
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
