import type { Ping } from './ping.ts'

/**
 * How much of one check an instance of the ping function takes: so many pings a minute on average, at least one a second, after a burst of
 * `burst`.
 */
export type PingLimit = { readonly perMinute: number; readonly burst: number }

/**
 * What an instance remembers of the pings of one check. Starts and logs flow by themselves, so that a flood of one kind holds up no other.
 * `last` is the last ping taken that may have changed more than the log.
 */
export type Flow = {
  readonly buckets: Readonly<Partial<Record<Kind, Bucket>>>
  readonly last?: { readonly meaning: string; readonly at: number }
}

type Kind = 'start' | 'log' | 'any'
export type Bucket = { readonly tokens: number; readonly at: number }

/** A ping, and what tells its body apart where a check goes by the body. */
export type Said = { readonly ping: Ping; readonly bodyHash?: string }

export const newFlow: Flow = { buckets: {} }

/**
 * How long until a ping may be taken: 0 for now. What is refused would make no difference but to the log. It is equal to the last one taken,
 * within the same second, and schedules know whole seconds; or it is a log; or it is a start, which either comes less than a second after
 * the last or could only bring a deadline nearer.
 */
export function waitMsOf(flow: Flow, said: Said, limit: PingLimit): number {
  const kind = kindOf(said)
  const waitMs = bucketWaitMs(flow.buckets[kind], said.ping.at, limit)
  return waitMs > 0 && makesNoDifference(flow, said, kind) ? waitMs : 0
}

function makesNoDifference({ last }: Flow, said: Said, kind: Kind): boolean {
  if (kind !== 'any') return true
  return last !== undefined && last.meaning === meaningOf(said) && secondOf(last.at) === secondOf(said.ping.at)
}

/** The flow after a ping was taken. */
export function afterTaking(flow: Flow, said: Said, limit: PingLimit): Flow {
  const { ping } = said
  const kind = kindOf(said)
  const buckets = { ...flow.buckets, [kind]: afterToken(flow.buckets[kind], ping.at, limit) }
  if (kind === 'log') return { ...flow, buckets }
  return { buckets, last: { meaning: meaningOf(said), at: ping.at } }
}

/** Where bodies decide, what the URL says means nothing. */
function kindOf({ ping: { signal, runId }, bodyHash }: Said): Kind {
  if (bodyHash !== undefined) return 'any'
  if (signal === 'log') return 'log'
  return signal === 'start' && runId === undefined ? 'start' : 'any'
}

function meaningOf({ ping: { signal, exitStatus, runId, method }, bodyHash }: Said): string {
  return JSON.stringify([signal, exitStatus, runId, method, bodyHash])
}

function secondOf(at: number): number {
  return Math.floor(at / 1000)
}

/** How long until a bucket has a token. A bucket that nobody has used is full. */
export function bucketWaitMs(bucket: Bucket | undefined, now: number, limit: PingLimit): number {
  const tokens = tokensAt(bucket, now, limit)
  return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 60_000) / limit.perMinute)
}

/** The bucket without one token; never with less than none. */
export function afterToken(bucket: Bucket | undefined, now: number, limit: PingLimit): Bucket {
  return { tokens: Math.max(0, tokensAt(bucket, now, limit) - 1), at: now }
}

function tokensAt(bucket: Bucket | undefined, now: number, { perMinute, burst }: PingLimit): number {
  if (bucket === undefined) return burst
  return Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * perMinute) / 60_000)
}
