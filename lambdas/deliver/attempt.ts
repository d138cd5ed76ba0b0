import type { Attempt, Denied, Outcome, Postponed } from '../channels/outcome.ts'
import type { Sender } from '../channels/sender.ts'
import type { ChannelBase } from '../domain/telling/channel.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Circuits } from '../store/telling/circuits.ts'
import { suppressed, type SuppressedDeps } from './suppressed.ts'

export type AttemptDeps = SuppressedDeps & {
  readonly circuits: Pick<Circuits, 'admits' | 'deny'>
  readonly clock: Pick<Clock, 'now'>
}

/** A channel was not called, because it fails again and again. */
export class Deferred extends Error {
  override readonly name = 'Deferred'
}

type Attempted = Pick<Sender<ChannelBase>, 'callsHosts'> & {
  readonly isTest: boolean
  readonly send: (now: number) => Promise<Attempt>
}

/**
 * Tells a channel once, unless it is known that this would be in vain.
 * @throws Deferred when the channel may not be called yet, and what the sender throws.
 */
export async function attemptUnlessTurnedAway(
  deps: AttemptDeps,
  channel: ChannelBase,
  attempted: Attempted,
): Promise<Outcome | Postponed> {
  return (await turnedAway(deps, channel, attempted)) ?? attemptAdmitted(deps, channel, attempted)
}

/**
 * Why a channel is not called; undefined when it may be, which counts as a call. A test goes
 * through a denial, because the credentials may have been mended, but not through a pause.
 * @throws Deferred when it may not be called yet.
 */
export async function turnedAway(
  { circuits, clock }: AttemptDeps,
  channel: ChannelBase,
  { callsHosts, isTest }: Pick<Attempted, 'callsHosts' | 'isTest'>,
): Promise<Outcome | undefined> {
  if (callsHosts !== true) return undefined
  const admission = await circuits.admits(channel, clock.now())
  if (admission === 'paused') throw new Deferred(pausedError)
  if (admission === 'free' || isTest) return undefined
  return { kind: 'refused', reason: admission.reason }
}

/** Tells a channel that may be called. @throws what the sender throws. */
export async function attemptAdmitted(
  deps: AttemptDeps,
  channel: ChannelBase,
  { send }: Pick<Attempted, 'send'>,
): Promise<Outcome | Postponed> {
  const attempt = (await suppressed(deps, channel)) ?? (await send(deps.clock.now()))
  return attempt.kind === 'denied' ? denied(deps, channel, attempt) : attempt
}

const pausedError =
  'not tried: the channel has failed several times in a row, and is tried once a minute'

async function denied(
  { circuits, clock }: AttemptDeps,
  { id, version }: ChannelBase,
  { reason }: Pick<Denied, 'reason'>,
): Promise<Outcome> {
  const told = `${reason} (not tried again for a day, or until the channel is changed or tested)`
  await circuits.deny(id, { version, at: clock.now(), reason: told })
  return { kind: 'refused', reason: told }
}
