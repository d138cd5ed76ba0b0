import type { Ping } from './ping.ts'

/**
 * The limit on one check's pings at one instance of the ping function: `perMinute` on average, at
 * least one a second, after a burst of `burst`.
 */
export type PingLimit = { readonly perMinute: number; readonly burst: number }

/**
 * What an instance remembers of one check's pings. Starts and logs have flows of their own, so that
 * a flood of one kind holds up no other. `last` is the last ping taken that may have changed more
 * than the log. `runId` is the named run that started last and has not ended.
 */
export type Flow = {
  readonly buckets: Readonly<Partial<Record<Kind, TokenBucket>>>
  readonly last?: Taken
  readonly runId?: string
}

/**
 * Pings of one direction, up or down, in a row: when the last of them came, and what there was
 * among them.
 */
type Taken = {
  readonly direction: string
  readonly at: number
  readonly effects: readonly string[]
}

type Kind = 'start' | 'log' | 'any'
export type TokenBucket = { readonly tokens: number; readonly at: number }

/** A ping, and the hash of its body where the check goes by the body. */
export type Arrival = { readonly ping: Ping; readonly bodyHash?: string }

export const newFlow: Flow = { buckets: {} }

/**
 * How long until a ping may be taken; 0 for now. Above its limit, a check's ping is refused only
 * where it would have changed nothing but the log. That is so for:
 *
 * - a log;
 * - a start within a second of the last one, or one that would only make the deadline earlier;
 * - a ping that repeats one of the same second, because schedules know whole seconds.
 *
 * Run IDs don't exempt a job from the limit. One exception: the end of the run whose start this
 * instance took last is taken. Another instance doesn't know that start, and may refuse the end
 * (docs/decisions/0011).
 */
export function waitMsOf(flow: Flow, arrival: Arrival, limit: PingLimit): number {
  const kind = kindOf(arrival)
  const waitMs = bucketWaitMs(flow.buckets[kind], arrival.ping.at, limit)
  return waitMs > 0 && makesNoDifference(flow, arrival, kind) ? waitMs : 0
}

function makesNoDifference({ last, runId }: Flow, arrival: Arrival, kind: Kind): boolean {
  if (kind !== 'any') return true
  if (
    last === undefined ||
    !isInRow(last, arrival) ||
    (runId !== undefined && arrival.ping.runId === runId)
  )
    return false
  return last.effects.some(
    (effect) => effect === effectOf(arrival) || effect === effectOf(arrival, 'ends-any-run'),
  )
}

/** The flow after a ping was taken. */
export function afterTaking(flow: Flow, arrival: Arrival, limit: PingLimit): Flow {
  const { ping } = arrival
  const kind = kindOf(arrival)
  const buckets = { ...flow.buckets, [kind]: afterToken(flow.buckets[kind], ping.at, limit) }
  if (kind === 'log') return { ...flow, buckets }
  const before = flow.last !== undefined && isInRow(flow.last, arrival) ? flow.last.effects : []
  const effects = [...new Set([...before, effectOf(arrival)])]
  return {
    buckets,
    last: { direction: directionOf(arrival), at: ping.at, effects },
    ...openRun(flow, arrival),
  }
}

function openRun({ runId }: Flow, { ping }: Arrival): Pick<Flow, 'runId'> {
  if (ping.signal === 'start') return ping.runId === undefined ? {} : { runId: ping.runId }
  return runId === undefined || runId === ping.runId || reachOf(ping) === 'ends-any-run'
    ? {}
    : { runId }
}

/** Where bodies decide, what the URL says means nothing. */
function kindOf({ ping: { signal }, bodyHash }: Arrival): Kind {
  return bodyHash === undefined && (signal === 'log' || signal === 'start') ? signal : 'any'
}

function isInRow(last: Taken, arrival: Arrival): boolean {
  return last.direction === directionOf(arrival) && secondOf(last.at) === secondOf(arrival.ping.at)
}

function directionOf({ ping: { signal }, bodyHash }: Arrival): string {
  return bodyHash ?? signal
}

/**
 * What may matter among pings of one direction: a check may take POST only, and a success that
 * names its run ends no other.
 */
function effectOf({ ping }: Arrival, reach: Reach = reachOf(ping)): string {
  return `${ping.method} ${reach}`
}

type Reach = 'ends-any-run' | 'ends-its-run'

function reachOf({ signal, runId }: Ping): Reach {
  return runId === undefined || signal === 'fail' ? 'ends-any-run' : 'ends-its-run'
}

function secondOf(at: number): number {
  return Math.floor(at / 1000)
}

/** How long until a bucket has a token. A bucket that nobody has used is full. */
export function bucketWaitMs(
  bucket: TokenBucket | undefined,
  now: number,
  limit: PingLimit,
): number {
  const tokens = tokensAt(bucket, now, limit)
  return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 60_000) / limit.perMinute)
}

/** The bucket after one token is taken; it never holds less than none. */
export function afterToken(
  bucket: TokenBucket | undefined,
  now: number,
  limit: PingLimit,
): TokenBucket {
  return { tokens: Math.max(0, tokensAt(bucket, now, limit) - 1), at: now }
}

function tokensAt(
  bucket: TokenBucket | undefined,
  now: number,
  { perMinute, burst }: PingLimit,
): number {
  if (bucket === undefined) return burst
  return Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * perMinute) / 60_000)
}
