import type { Ping } from './ping.ts'

/**
 * How much of one check an instance of the ping function takes: so many pings a minute on average,
 * at least one a second, after a burst of `burst`.
 */
export type PingLimit = { readonly perMinute: number; readonly burst: number }

/**
 * What an instance remembers of the pings of one check. Starts and logs flow by themselves, so that
 * a flood of one kind holds up no other. `last` is what was taken last that may have changed more
 * than the log, `runId` the named run that started last and has not ended.
 */
export type Flow = {
  readonly buckets: Readonly<Partial<Record<Kind, Bucket>>>
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
  readonly meanings: readonly string[]
}

type Kind = 'start' | 'log' | 'any'
export type Bucket = { readonly tokens: number; readonly at: number }

/** A ping, and what tells its body apart where a check goes by the body. */
export type Said = { readonly ping: Ping; readonly bodyHash?: string }

export const newFlow: Flow = { buckets: {} }

/**
 * How long until a ping may be taken: 0 for now. What is refused would make no difference but to
 * the log. It says what was said before within the same second, and schedules know whole seconds;
 * or it is a log; or it is a start, which either comes less than a second after the last or could
 * only bring a deadline nearer. Who names a new run each time is limited as well, but for the end
 * of the run whose start this instance took last. Another instance, which has not seen that start,
 * may refuse the end (docs/decisions/0011).
 */
export function waitMsOf(flow: Flow, said: Said, limit: PingLimit): number {
  const kind = kindOf(said)
  const waitMs = bucketWaitMs(flow.buckets[kind], said.ping.at, limit)
  return waitMs > 0 && makesNoDifference(flow, said, kind) ? waitMs : 0
}

function makesNoDifference({ last, runId }: Flow, said: Said, kind: Kind): boolean {
  if (kind !== 'any') return true
  if (
    last === undefined ||
    !isInRow(last, said) ||
    (runId !== undefined && said.ping.runId === runId)
  )
    return false
  return last.meanings.some(
    (meaning) => meaning === meaningOf(said) || meaning === meaningOf(said, 'ends-any-run'),
  )
}

/** The flow after a ping was taken. */
export function afterTaking(flow: Flow, said: Said, limit: PingLimit): Flow {
  const { ping } = said
  const kind = kindOf(said)
  const buckets = { ...flow.buckets, [kind]: afterToken(flow.buckets[kind], ping.at, limit) }
  if (kind === 'log') return { ...flow, buckets }
  const before = flow.last !== undefined && isInRow(flow.last, said) ? flow.last.meanings : []
  const meanings = [...new Set([...before, meaningOf(said)])]
  return {
    buckets,
    last: { direction: directionOf(said), at: ping.at, meanings },
    ...openRun(flow, said),
  }
}

function openRun({ runId }: Flow, { ping }: Said): Pick<Flow, 'runId'> {
  if (ping.signal === 'start') return ping.runId === undefined ? {} : { runId: ping.runId }
  return runId === undefined || runId === ping.runId || reachOf(ping) === 'ends-any-run'
    ? {}
    : { runId }
}

/** Where bodies decide, what the URL says means nothing. */
function kindOf({ ping: { signal }, bodyHash }: Said): Kind {
  return bodyHash === undefined && (signal === 'log' || signal === 'start') ? signal : 'any'
}

function isInRow(last: Taken, said: Said): boolean {
  return last.direction === directionOf(said) && secondOf(last.at) === secondOf(said.ping.at)
}

function directionOf({ ping: { signal }, bodyHash }: Said): string {
  return bodyHash ?? signal
}

/**
 * What may matter among pings of one direction: a check may take POST only, and a success that
 * names its run ends no other.
 */
function meaningOf({ ping }: Said, reach: Reach = reachOf(ping)): string {
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
export function bucketWaitMs(bucket: Bucket | undefined, now: number, limit: PingLimit): number {
  const tokens = tokensAt(bucket, now, limit)
  return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 60_000) / limit.perMinute)
}

/** The bucket without one token; never with less than none. */
export function afterToken(bucket: Bucket | undefined, now: number, limit: PingLimit): Bucket {
  return { tokens: Math.max(0, tokensAt(bucket, now, limit) - 1), at: now }
}

function tokensAt(
  bucket: Bucket | undefined,
  now: number,
  { perMinute, burst }: PingLimit,
): number {
  if (bucket === undefined) return burst
  return Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * perMinute) / 60_000)
}
