import type { VerificationSender } from '../channels/email/verification.ts'
import { type Senders, senderOf } from '../channels/kinds.ts'
import type { ChannelBase } from '../domain/telling/channel.ts'
import type { Denied, Later, Outcome } from '../channels/outcome.ts'
import { isVerificationRequest, type Notice } from '../domain/telling/notice.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Circuits } from '../store/telling/circuits.ts'
import type { Deliveries } from '../store/telling/deliveries.ts'
import { reasonOf } from './reason.ts'
import { suppressed, type SuppressedDeps } from './suppressed.ts'

export type SendDeps = SuppressedDeps & {
  readonly deliveries: Pick<Deliveries, 'release' | 'defer'>
  readonly circuits: Pick<Circuits, 'admits' | 'deny'>
  readonly senders: Senders
  readonly verifications: Pick<VerificationSender, 'send'>
  readonly clock: Pick<Clock, 'now'>
}

/** The delivery was not tried, because its channel fails again and again. */
class Deferred extends Error {
  override readonly name = 'Deferred'
}

/**
 * Sends a notice that was claimed. Gives it back for the next attempt when this one fails, or the
 * channel asks for it later. A test has no next attempt: whoever tests a channel waits for it now.
 */
export async function send(
  deps: SendDeps,
  notice: Notice,
  claimant: string,
): Promise<Outcome | Later> {
  const { deliveries, clock } = deps
  const outcome = await attempted(deps, notice, claimant)
  if (outcome.kind !== 'later') return outcome
  const { reason } = outcome
  if ('isTest' in notice) return { kind: 'refused', reason }
  await deliveries.release(notice, { claimant, at: clock.now(), error: reason })
  return outcome
}

async function attempted(
  deps: SendDeps,
  notice: Notice,
  claimant: string,
): Promise<Outcome | Later> {
  const { deliveries, clock } = deps
  try {
    return await tried(deps, notice)
  } catch (error) {
    if ('isTest' in notice) return { kind: 'refused', reason: reasonOf(error) }
    if (error instanceof Deferred) {
      await deliveries.defer(notice, { claimant, at: clock.now(), error: error.message })
      throw error
    }
    await deliveries.release(notice, { claimant, at: clock.now(), error: reasonOf(error) })
    throw error
  }
}

async function tried(deps: SendDeps, notice: Notice): Promise<Outcome | Later> {
  const { circuits, senders, verifications, clock } = deps
  if (isVerificationRequest(notice)) return verifications.send(notice)
  const { channel } = notice
  const sender = senderOf(senders, channel)
  if (sender === undefined) throw new Error(`channels of kind ${channel.kind} are not known`)
  if (sender.callsHosts === true) {
    const admission = await circuits.admits(channel, clock.now())
    if (admission === 'paused') throw new Deferred(pausedError)
    if (typeof admission === 'object' && !('isTest' in notice))
      return { kind: 'refused', reason: admission.reason }
  }
  const attempt = (await suppressed(deps, channel)) ?? (await sender.send(notice, clock.now()))
  return attempt.kind === 'denied' ? denied(deps, channel, attempt) : attempt
}

const pausedError =
  'not tried: the channel has failed several times in a row, and is tried once a minute'

/** Who mends the credentials changes the channel, or tests it. */
async function denied(
  { circuits, clock }: Pick<SendDeps, 'circuits' | 'clock'>,
  { id, version }: ChannelBase,
  { reason }: Pick<Denied, 'reason'>,
): Promise<Outcome> {
  const told = `${reason} (not tried again for a day, or until the channel is changed or tested)`
  await circuits.deny(id, { version, at: clock.now(), reason: told })
  return { kind: 'refused', reason: told }
}
