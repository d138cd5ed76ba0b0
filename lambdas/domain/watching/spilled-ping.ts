import { lengthsOf } from './kept-body.ts'
import type { Ping } from './ping.ts'
import type { Addressee } from './ping-url.ts'

/**
 * A ping that could not be recorded when it came, with all that it takes to record it later, as of
 * its own time.
 */
export type SpilledPing = {
  readonly addressee: Addressee
  readonly ping: Ping
  /** Whether it may make the check that it names. */
  readonly mayCreate: boolean
  /**
   * The whole body as Base64, because its words may decide. The ping's `bodyBytes` says how much of
   * it is kept in the end.
   */
  readonly body: string
}

/** As much of a body as fits beside the rest into a message of 1 MiB. */
export const spilledBodyBytes = 700_000

export function spilledPing(
  addressee: Addressee,
  ping: Ping,
  { body, mayCreate }: { body: Buffer; mayCreate: boolean },
): SpilledPing {
  const waiting = body.subarray(0, spilledBodyBytes)
  const lengths = lengthsOf(body.length, Math.min(ping.bodyBytes, waiting.length))
  return { addressee, ping: { ...ping, ...lengths }, mayCreate, body: waiting.toString('base64') }
}

/** The check of a ping that names it by UUID; that of a slug has yet to be found. */
export function checkIdOf(addressee: Addressee): string | undefined {
  return 'checkId' in addressee ? addressee.checkId : undefined
}

/** Identifies the check of a spilled ping, for comparison only. */
export function addresseeKey(addressee: Addressee): string {
  return 'checkId' in addressee ? addressee.checkId : `${addressee.pingKey}/${addressee.slug}`
}

/** The order in which pings came. */
export function byOwnTime(a: SpilledPing, b: SpilledPing): number {
  return a.ping.at - b.ping.at
}

/** @throws when the text holds no ping. */
export function parseSpilledPing(text: string): SpilledPing {
  const { addressee, ping, mayCreate, body } = (JSON.parse(text) ?? {}) as Partial<
    Record<string, unknown>
  >
  if (!isAddressee(addressee) || !isPing(ping) || typeof body !== 'string')
    throw new Error('the message holds no ping')
  return { addressee, ping, mayCreate: mayCreate === true, body }
}

function isAddressee(value: unknown): value is Addressee {
  const { checkId, pingKey, slug } = (value ?? {}) as Partial<Record<string, unknown>>
  return typeof checkId === 'string' || (typeof pingKey === 'string' && typeof slug === 'string')
}

const signals: readonly unknown[] = [
  'success',
  'start',
  'fail',
  'log',
] satisfies readonly Ping['signal'][]

function isPing(value: unknown): value is Ping {
  const { at, requestId, signal } = (value ?? {}) as Partial<Record<string, unknown>>
  return typeof at === 'number' && typeof requestId === 'string' && signals.includes(signal)
}
