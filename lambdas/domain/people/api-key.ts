import type { Access } from './project.ts'

/** The keys of a project as they are handed out, once: of the API keys only hashes are stored. */
export type ProjectKeys = {
  readonly apiKey: string
  readonly apiKeyReadonly: string
  readonly pingKey: string
}

/** An API key as it is known once it was handed out: what it is called, never the key. */
export type ApiKey = {
  /** Says nothing of the key. */
  readonly id: string
  readonly name: string
  readonly access: Access
  /** Who made it, in a word: an address, or the operator. */
  readonly by: string
  readonly createdAt: number
}

/** The most API keys of a project: all of them are taken in one transaction when it ends. */
export const apiKeyLimit = 40

/** What a key is for: the API, or slugs in ping URLs. */
export type KeyKind = Access | 'ping'

/** A source of random bytes. */
export type RandomBytes = (count: number) => Uint8Array

const SMALL = 'abcdefghijklmnopqrstuvwxyz0123456789'
const ALPHANUMERIC = `${SMALL}ABCDEFGHIJKLMNOPQRSTUVWXYZ`
const prefixes: Readonly<Record<Access, string>> = { 'read-write': 'hcw_', 'read-only': 'hcr_' }
const RANDOM_PART_LENGTH = 28
const PING_KEY_LENGTH = 22
const DRAWS = 100

/** New keys, of the forms that clients of the reference know. */
export function makeKeys(randomBytes: RandomBytes): ProjectKeys {
  return {
    apiKey: makeKey('read-write', randomBytes),
    apiKeyReadonly: makeKey('read-only', randomBytes),
    pingKey: makeKey('ping', randomBytes),
  }
}

/** A new key of one kind. */
export function makeKey(kind: KeyKind, randomBytes: RandomBytes): string {
  if (kind === 'ping') return randomText(SMALL, PING_KEY_LENGTH, randomBytes)
  return `${prefixes[kind]}${randomText(ALPHANUMERIC, RANDOM_PART_LENGTH, randomBytes)}`
}

/**
 * Drops bytes past the last whole multiple of the alphabet, which would make its first characters
 * likelier.
 */
function randomText(alphabet: string, length: number, randomBytes: RandomBytes): string {
  const fairBytes = 256 - (256 % alphabet.length)
  let text = ''
  for (let draw = 0; draw < DRAWS && text.length < length; draw += 1) {
    const fair = [...randomBytes(length)].filter((byte) => byte < fairBytes)
    text += fair.map((byte) => alphabet.charAt(byte % alphabet.length)).join('')
  }
  if (text.length < length)
    throw new Error(`the source of randomness gave no fair byte in ${DRAWS} draws`)
  return text.slice(0, length)
}
