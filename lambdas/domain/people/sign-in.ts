import type { RandomBytes } from './api-key.ts'
import { hashOfSecret, makeSecret } from './secret.ts'

const VALID_MS = 15 * 60_000

/** How many codes may be tried: five of 2^40. */
export const MOST_TRIES = 5

/** Without 0, 1, I and O, which look alike. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const CODE_LENGTH = 8
const CODE_BITS = 5

/** What is kept of a sign-in that somebody has asked for, in the place of its secrets. */
export type SignIn = {
  /** In lower case. It may be nobody's: who asks must not learn that. */
  readonly email: string
  readonly tokenHash: string
  readonly codeHash: string
  /** The page to show then. */
  readonly returnTo: string
  readonly endsAt: number
}

/**
 * The secrets of a sign-in. The cookie stays in the browser that asked: without it, neither the
 * token of the mailed link nor the code opens anything.
 */
export type SignInSecrets = {
  readonly cookie: string
  readonly token: string
  readonly code: string
}

/** What somebody asks for. */
type WantedSignIn = { readonly email: string; readonly returnTo: string; readonly now: number }

/** A sign-in that somebody asks for; good for 15 minutes. */
export function newSignIn(
  { email, returnTo, now }: WantedSignIn,
  randomBytes: RandomBytes,
): { readonly secrets: SignInSecrets; readonly signIn: SignIn } {
  const cookie = makeSecret(randomBytes)
  const token = makeSecret(randomBytes)
  const code = makeCode(randomBytes)
  const signIn = {
    email: email.toLowerCase(),
    tokenHash: hashOfSecret(token),
    codeHash: hashOfCode(cookie, code),
    returnTo,
    endsAt: now + VALID_MS,
  }
  return { secrets: { cookie, token, code }, signIn }
}

/**
 * What is kept of a code, however it was typed. The cookie goes into it, as 40 bits alone would be
 * found from their hash.
 */
export function hashOfCode(cookie: string, typed: string): string {
  return hashOfSecret(`${cookie} ${typed.toUpperCase().replace(/[^A-Z0-9]/g, '')}`)
}

/** A code as people read it: `K7QM-3XHB`. */
export function codeInWords(code: string): string {
  return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`
}

/** Five bytes are eight characters: each comes up as often as all others. */
function makeCode(randomBytes: RandomBytes): string {
  const bytes = Buffer.from(randomBytes((CODE_LENGTH * CODE_BITS) / 8))
  let bits = bytes.readUIntBE(0, bytes.length)
  let code = ''
  for (let place = 0; place < CODE_LENGTH; place += 1) {
    code += ALPHABET.charAt(bits % ALPHABET.length)
    bits = Math.floor(bits / ALPHABET.length)
  }
  return code
}
