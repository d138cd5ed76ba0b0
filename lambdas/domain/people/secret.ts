import { createHash } from 'node:crypto'
import type { RandomBytes } from './api-key.ts'

const SECRET_BYTES = 32

/** What secrets look like. Nothing else is looked up. */
export const secretForm = /^[A-Za-z0-9_-]{43}$/

/** 256 random bits, in characters that cookies and paths take as they are. */
export function makeSecret(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url')
}

/** What is kept of a secret. Without salt or stretching, as nobody finds 256 bits by trying. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
