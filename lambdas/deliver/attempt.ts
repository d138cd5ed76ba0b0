import type { Attempt, Denied, Later, Outcome } from '../channels/outcome.ts'
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

/**
 * Tells a channel once, unless it is known that this would be in vain. Who tests a channel has
 * mended it, or wants to know.
 * @throws Deferred when the channel may not be called yet, and what the sender throws.
 */
export async function attemptTo(
  deps: AttemptDeps,
  channel: ChannelBase,
  {
    callsHosts,
    isTest,
    send,
  }: Pick<Sender<ChannelBase>, 'callsHosts'> & {
    readonly isTest: boolean
    readonly send: (now: number) => Promise<Attempt>
  },
): Promise<Outcome | Later> {
  const { circuits, clock } = deps
  if (callsHosts === true) {
    const admission = await circuits.admits(channel, clock.now())
    if (admission === 'paused') throw new Deferred(pausedError)
    if (admission !== 'free' && !isTest) return { kind: 'refused', reason: admission.reason }
  }
  const attempt = (await suppressed(deps, channel)) ?? (await send(clock.now()))
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
