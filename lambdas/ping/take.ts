import { keptBody } from '../domain/watching/kept-body.ts'
import type { ProvisionRefusal } from '../domain/watching/provisioning.ts'
import {
  addresseeKey,
  checkIdOf,
  spilledPing,
  type SpilledPing,
} from '../domain/watching/spilled-ping.ts'
import type { Clock } from '../runtime/clock.ts'
import { warn } from '../runtime/log.ts'
import { within } from '../runtime/within.ts'
import { expiryAfter } from '../store/items/expiry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'
import type { Journal } from '../store/watching/journal.ts'
import { type PingAnswer, answer, type AnswerSettings, refused } from './answers.ts'
import { type BodyTypeDeps, bodyTypeOf } from './body-type.ts'
import type { PingMemory } from './memory.ts'
import { namedCheck, type NamingDeps } from './named-check.ts'
import type { ReceivedPing } from './request.ts'

export type TakeDeps = NamingDeps &
  BodyTypeDeps &
  AnswerSettings & {
    readonly heartbeats: Pick<Heartbeats, 'recordPing' | 'isKnown'>
    readonly journal: Pick<Journal, 'putBody'>
    /** Lets a ping wait in the spill queue, to be replayed. */
    readonly spill: (spilled: SpilledPing) => Promise<void>
    readonly clock: Clock
    readonly logDays: number
  }

type Parts = TakeDeps & { readonly memory: PingMemory }

/*
 * An answer comes within three seconds, whatever hangs. DynamoDB has 1.7 s to record a ping, then
 * the spill queue has 0.9 s to take it. The rest is for the network.
 */
export const RECORDING_MS = 1700
const SPILLING_MS = 900
const BODY_MS = 2400
const RETRY_AFTER_SECONDS = 5

/**
 * Records a ping and answers it. After any error the ping waits in the spill queue, even after a
 * bug: no ping may be lost, and the operator hears of the error all the same.
 */
export async function take(parts: Parts, received: ReceivedPing): Promise<PingAnswer> {
  const { addressee, taken } = received
  const key = addresseeKey(addressee)
  const waitMs = parts.memory.waitMs(key, received)
  if (waitMs > 0)
    return answer(parts, [429, 'too many pings'], {
      'Retry-After': Math.ceil(waitMs / 1000).toString(),
    })
  const recorded = await within(
    parts.clock,
    received.ping.at + RECORDING_MS,
    record(parts, received),
  )
  if ('failure' in recorded) return spill(parts, { ...received, failure: recorded.failure })
  if ('refusal' in recorded.done) return refused(parts, addressee, recorded.done.refusal)
  parts.memory.noteTaken(key, received, recorded.done)
  if (received.body.length > 0) await keepBody(parts, recorded.done, received)
  return answer(parts, recorded.done.isNew ? taken.made : taken.known)
}

type Recorded = {
  readonly checkId: string
  readonly number: number
  readonly isNew: boolean
  readonly hasBodyRules: boolean
  readonly countsEnds?: boolean
}

async function record(
  parts: Parts,
  { addressee, ping, body, mayCreate }: ReceivedPing,
): Promise<Recorded | { readonly refusal: ProvisionRefusal }> {
  const named = await namedCheck(parts, addressee, mayCreate)
  if ('refusal' in named) return named
  const { checkId } = named
  const key = addresseeKey(addressee)
  let hasBodyRules = false
  const isUnknown =
    'checkId' in addressee &&
    parts.memory.isDoubtful(key, ping.at) &&
    !(await parts.heartbeats.isKnown(checkId))
  // Asked only where the check has rules on bodies.
  const readBodyType = () => {
    hasBodyRules = true
    return bodyTypeOf(parts, checkId, body)
  }
  const stored = isUnknown
    ? 'missing'
    : await parts.heartbeats.recordPing(checkId, ping, readBodyType)
  if (stored !== 'missing') return { ...named, ...stored, hasBodyRules }
  parts.memory.noteUnknown(key, ping.at)
  return { refusal: 'unknown' }
}

/**
 * Lets a ping wait in the spill queue, and answers as if it were recorded. If the queue fails, too,
 * the sender is asked to send it again.
 */
async function spill(
  deps: Parts,
  { failure, ...received }: ReceivedPing & { failure: string },
): Promise<PingAnswer> {
  const { addressee } = received
  const check = checkIdOf(addressee)
  const spilled = spilledPing(addressee, received.ping, received)
  const cutBytes = received.ping.bodyBytes - spilled.ping.bodyBytes
  const sent = await within(deps.clock, deps.clock.now() + SPILLING_MS, deps.spill(spilled))
  if ('failure' in sent) {
    warn('ping-refused', { check, error: failure, spillError: sent.failure })
    return answer(deps, [503, 'try again later'], { 'Retry-After': RETRY_AFTER_SECONDS.toString() })
  }
  // The check may have rules on bodies. Assume so: pings with different bodies don't count as
  // equal.
  if (check !== undefined)
    deps.memory.noteTaken(check, received, { checkId: check, hasBodyRules: true })
  warn('ping-spilled', { check, error: failure, ...(cutBytes > 0 ? { cutBytes } : {}) })
  return answer(deps, received.taken.known)
}

/** A ping counts even when its body can't be kept. */
async function keepBody(
  deps: TakeDeps,
  { checkId, number }: Recorded,
  { body, ping }: ReceivedPing,
): Promise<void> {
  const put = deps.journal.putBody(
    { checkId, number, at: ping.at },
    keptBody(body, ping),
    expiryAfter(deps.logDays, ping.at),
  )
  const kept = await within(deps.clock, ping.at + BODY_MS, put)
  if ('failure' in kept) warn('body-lost', { check: checkId, number, error: kept.failure })
}
