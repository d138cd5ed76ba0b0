import type { VerificationSender } from '../channels/email/verification.ts'
import { type Senders, senderOf } from '../channels/kinds.ts'
import type { Outcome, Postponed } from '../channels/outcome.ts'
import { isVerificationRequest, type Notice } from '../domain/telling/notice.ts'
import type { Deliveries } from '../store/telling/deliveries.ts'
import { attemptUnlessTurnedAway, type AttemptDeps, Deferred } from './attempt.ts'
import { reasonOf } from './reason.ts'

export type SendDeps = AttemptDeps & {
  readonly deliveries: Pick<Deliveries, 'release' | 'defer'>
  readonly senders: Senders
  readonly verifications: Pick<VerificationSender, 'send'>
}

/**
 * Sends a notice that was claimed, and gives it back where there is to be another attempt. A test
 * has no other: whoever tests a channel waits for it now.
 * @returns what the channel has decided: it took the notice, refused it, or postponed it
 * @throws when the attempt failed, and another may get through
 */
export async function send(
  deps: SendDeps,
  notice: Notice,
  claimant: string,
): Promise<Outcome | Postponed> {
  const { deliveries, clock } = deps
  const outcome = await sendOrRelease(deps, notice, claimant)
  if (outcome.kind !== 'postponed') return outcome
  const { reason } = outcome
  if ('isTest' in notice) return { kind: 'refused', reason }
  await deliveries.release(notice, { claimant, at: clock.now(), error: reason })
  return outcome
}

/** Gives the notice back when sending it throws. */
async function sendOrRelease(
  deps: SendDeps,
  notice: Notice,
  claimant: string,
): Promise<Outcome | Postponed> {
  const { deliveries, clock } = deps
  try {
    return await sendByKind(deps, notice)
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

async function sendByKind(deps: SendDeps, notice: Notice): Promise<Outcome | Postponed> {
  const { senders, verifications } = deps
  if (isVerificationRequest(notice)) return verifications.send(notice)
  const { channel } = notice
  const sender = senderOf(senders, channel)
  if (sender === undefined) throw new Error(`channels of kind ${channel.kind} are not known`)
  return attemptUnlessTurnedAway(deps, channel, {
    ...sender,
    isTest: 'isTest' in notice,
    send: (now) => sender.send(notice, now),
  })
}
