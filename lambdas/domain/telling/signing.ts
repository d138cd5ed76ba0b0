import { createHash, createHmac } from 'node:crypto'
import type { RandomBytes } from '../people/api-key.ts'
import type { Delivery } from './alert.ts'
import { noticeKey } from './notice.ts'
import type { HttpRequest } from './webhook-request.ts'

/** A secret that a channel shares with whoever gets its requests. */
export type SigningSecret = {
  readonly secret: string
  /** Until then it signs beside its successors; the newest has no end. */
  readonly until?: number
}

const SECRET_BYTES = 32
const OVERLAP_MS = 86_400_000
/** One header holds a signature by each. */
const MOST_SECRETS = 10

/** A new secret before those that a channel has. These sign for another day. */
export function renewedSecrets(
  before: readonly SigningSecret[],
  now: number,
  randomBytes: RandomBytes,
): readonly SigningSecret[] {
  const secret = `${prefix}${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')}`
  const past = goodAt(now, before).map((each) => ({ until: now + OVERLAP_MS, ...each }))
  return [{ secret }, ...past].slice(0, MOST_SECRETS)
}

const prefix = 'whsec_'

function goodAt(now: number, secrets: readonly SigningSecret[]): readonly SigningSecret[] {
  return secrets.filter(({ until = Infinity }) => now < until)
}

/**
 * The request of a delivery, signed by all secrets that are good by now.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedRequest(
  request: HttpRequest,
  delivery: Delivery,
  { secrets, now }: { readonly secrets: readonly SigningSecret[]; readonly now: number },
): HttpRequest {
  const id = idOf(delivery)
  const timestamp = Math.floor(now / 1000).toString()
  const content = `${id}.${timestamp}.${request.body}`
  const signatures = goodAt(now, secrets).map(({ secret }) => `v1,${signatureOf(content, secret)}`)
  return {
    ...request,
    headers: {
      ...withoutSignature(request.headers),
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
    },
  }
}

/** The headers that a signature consists of. */
export const signatureHeader = /^webhook-(id|timestamp|signature)$/i

/** A channel that was made before signatures were may have such headers of its own. */
function withoutSignature(headers: HttpRequest['headers']): HttpRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !signatureHeader.test(name)))
}

/** The same for each attempt. It is a hash, because a check's UUID is what pings need. */
function idOf(delivery: Delivery): string {
  const { subject, key } = noticeKey(delivery)
  const told = JSON.stringify([subject, key, delivery.channel.id])
  return `msg_${createHash('sha256').update(told).digest('hex').slice(0, 32)}`
}

function signatureOf(content: string, secret: string): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  return createHmac('sha256', key).update(content).digest('base64')
}
