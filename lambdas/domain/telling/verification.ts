import { createHash, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from '../people/api-key.ts'
import type { EmailChannel, PendingVerification, Verification } from './channel.ts'

const TOKEN_BYTES = 32
const VALID_MS = 3 * 86_400_000

/** A link to be mailed: `token` goes into it and nowhere else. It is valid for three days. */
export function askForVerification(
  now: number,
  randomBytes: RandomBytes,
): { readonly token: string; readonly pending: PendingVerification } {
  const token = Buffer.from(randomBytes(TOKEN_BYTES)).toString('base64url')
  return {
    token,
    pending: {
      state: 'pending',
      tokenHash: hashOf(token),
      mailedAt: now,
      expiresAt: now + VALID_MS,
    },
  }
}

/** Whether this token verifies an address. It works once: a verified address keeps no hash. */
export function isValidToken(verification: Verification, token: string, now: number): boolean {
  if (verification.state === 'verified' || verification.expiresAt <= now) return false
  return timingSafeEqual(Buffer.from(hashOf(token)), Buffer.from(verification.tokenHash))
}

/** Without salt or stretching: a token is 256 random bits. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** What there is of an address before somebody wants a channel for it. */
export type KnownAddress = {
  readonly before: EmailChannel
  /** Whether it is named again, rather than left as it was. */
  readonly isNamed: boolean
  readonly isSuppressed: boolean
}

/**
 * Whether a channel keeps its verification. Naming the address again asks for a link when it is not
 * verified, or gets no mail any more.
 */
export function staysAsItWas({ before, isNamed, isSuppressed }: KnownAddress): boolean {
  return !isNamed || (before.verification.state === 'verified' && !isSuppressed)
}

/** The channel once its owner has followed the link. */
export function verified(channel: EmailChannel, now: number): EmailChannel {
  return { ...channel, version: channel.version + 1, verification: { state: 'verified', at: now } }
}
