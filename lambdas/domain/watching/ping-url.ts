import type { Alias } from './lookup.ts'
import type { Signal } from './ping.ts'
import { uuidPattern } from '../wire/uuid.ts'

/** Which check a ping URL names: by its UUID, or by the ping key of its project and its slug. */
export type Addressee = { readonly checkId: string } | Alias

/** What a ping URL says. The exit status may be one that no process can end with. */
export type PingTarget = {
  readonly addressee: Addressee
  readonly signal: Signal | 'invalid-exit-status'
  readonly exitStatus?: number
}

const VERB = '(?:/(start|fail|log|\\d+))?'
const BY_UUID = new RegExp(`^/(${uuidPattern})(?:/|${VERB})$`)
const BY_SLUG = new RegExp(`^/([-a-zA-Z0-9_]+)/([-a-zA-Z0-9_]+)${VERB}$`)
const LARGEST_EXIT_STATUS = 255
/** The longest slug or ping key. Longer names can't be looked up. */
const LONGEST_NAME = 100

/**
 * Why a path with a slug is no ping URL: it has upper-case letters, or more characters than a
 * check's slug may have.
 */
export type BadSlug = 'invalid-slug' | 'long-slug'

/**
 * The target of a ping, from the path as it came, percent-encoded or not; undefined when the path
 * is no ping URL. A trailing slash is accepted behind the bare UUID only.
 */
export function parsePingPath(path: string): PingTarget | BadSlug | undefined {
  const decoded = decodedOnce(path)
  // The prefix goes first: the patterns would take `ping` for a ping key where nothing else
  // matches.
  return decoded === undefined ? undefined : parseTarget(decoded.replace(/^\/ping\//, '/'))
}

/** A path without its percent-encoding; undefined when it encodes no UTF-8. */
export function decodedOnce(path: string): string | undefined {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function parseTarget(path: string): PingTarget | BadSlug | undefined {
  const [, checkId, verb] = BY_UUID.exec(path) ?? []
  if (checkId !== undefined) return { addressee: { checkId }, ...signalOf(verb) }
  const [, pingKey, slug, slugVerb] = BY_SLUG.exec(path) ?? []
  if (pingKey === undefined || slug === undefined) return undefined
  if (/[A-Z]/.test(slug)) return 'invalid-slug'
  if (pingKey.length > LONGEST_NAME) return undefined
  if (slug.length > LONGEST_NAME) return 'long-slug'
  return { addressee: { pingKey, slug }, ...signalOf(slugVerb) }
}

function signalOf(verb: string | undefined): Omit<PingTarget, 'addressee'> {
  if (verb === undefined) return { signal: 'success' }
  if (verb === 'start' || verb === 'fail' || verb === 'log') return { signal: verb }
  const exitStatus = Number(verb)
  if (exitStatus > LARGEST_EXIT_STATUS) return { signal: 'invalid-exit-status' }
  return { signal: exitStatus === 0 ? 'success' : 'fail', exitStatus }
}
