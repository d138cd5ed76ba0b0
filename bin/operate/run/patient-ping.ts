import type { Clock } from '../../../lambdas/runtime/clock.ts'
import type { Random } from '../../../lambdas/runtime/random.ts'
import { plainMessageOf } from '../messages.ts'
import { ask, type Heard } from './asked.ts'
import type { WatchedCheck } from './destination.ts'
import { refusalIn } from './refusal.ts'

/** What is sent at most, however much the server keeps. */
export const MOST_BODY_BYTES = 1_000_000
export const TRY_MS = 10_000
const LONGEST_WAIT_MS = 8000
const MOST_ANSWER_BYTES = 1000
const LAST_TRY_SHARE = 0.1

type OnePing = {
  readonly body: Uint8Array | undefined
  readonly timeoutMs: number
  /** Which command pings. */
  readonly by: string
}

/** Pings a URL once. @throws when there is no answer in time */
export function pingOnce(url: string, { body, timeoutMs, by }: OnePing): Promise<Heard> {
  return ask(new URL(url), {
    method: 'POST',
    // Only as this do bytes get through Lambda as they are.
    headers: { 'Content-Type': 'application/octet-stream', 'User-Agent': by },
    ...(body !== undefined && { body }),
    timeoutMs,
    mostBytes: MOST_ANSWER_BYTES,
  })
}

export type Patience = {
  readonly clock: Clock
  readonly random: Random
  readonly giveUpAt: number
  /** The first wait between two tries, which doubles from try to try. */
  readonly firstWaitMs: number
  /** Which check is pinged, for those who read why it is not taken. */
  readonly check: WatchedCheck
  /** Has it end at its next step. */
  readonly stopped?: AbortSignal
}

/**
 * Pings until it is taken. A body that is too large is left out then.
 * @returns why it is not taken; undefined when it is
 */
export async function pingPatiently(
  ping: (body: Uint8Array, timeoutMs: number) => Promise<Heard>,
  wanted: Uint8Array,
  { clock, random, giveUpAt, firstWaitMs, check, stopped }: Patience,
): Promise<string | undefined> {
  // The last try has time for an answer: that tells more than that there was none in no time.
  const lastTryAt = giveUpAt - (giveUpAt - clock.now()) * LAST_TRY_SHARE
  const isStopped = () => stopped?.aborted === true
  let body = wanted
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    const leftMs = Math.max(1, giveUpAt - clock.now())
    const heard = await ping(body, Math.min(TRY_MS, leftMs)).catch(causeIn)
    const refusal = typeof heard === 'string' ? heard : refusalIn(heard, check)
    if (refusal === undefined || isStopped()) return refusal
    const isTooLarge = typeof heard !== 'string' && heard.status === 413
    if (isTooLarge && body.length > 0) body = new Uint8Array()
    else if (typeof heard !== 'string' && !mayPass(heard)) return refusal
    if (clock.now() >= lastTryAt) return refusal
    const askedMs = typeof heard === 'string' ? 0 : retryAfterMs(heard)
    const share = (random.bytes(1)[0] ?? 0) / 255
    const pauseMs = Math.max(askedMs, waitMs * (0.5 + share / 2))
    await clock.waitUntil(Math.min(lastTryAt, clock.now() + pauseMs), stopped)
    if (isStopped()) return refusal
  }
}

function mayPass({ status, text }: Heard): boolean {
  return [408, 429].includes(status) || status >= 500 || /rate.limited/.test(text)
}

function retryAfterMs({ headers }: Heard): number {
  const seconds = Number(headers['retry-after'] ?? 0)
  return seconds > 0 ? seconds * 1000 : 0
}

export function causeIn(error: unknown): string {
  return error instanceof Error ? plainMessageOf(error) : String(error)
}
