import {
  type DueDelivery,
  isHeldUp,
  overtakingError,
  supersededError,
} from '../domain/telling/later-change.ts'
import {
  type DeliveriesMessage,
  isDigestRequest,
  isPersonal,
  isVerificationRequest,
  type Notice,
} from '../domain/telling/notice.ts'
import { postponedDelaySeconds, waitSecondsUntil } from '../domain/telling/retry.ts'
import { log, warn } from '../runtime/log.ts'
import type { Deliveries } from '../store/telling/deliveries.ts'
import type { ClaimTerms } from '../store/telling/delivery-expressions.ts'
import { send, type SendDeps } from './send.ts'

export type SingleDeps = SendDeps & {
  readonly deliveries: Pick<Deliveries, 'claim' | 'markSent' | 'markFailed' | 'drop' | 'laterThan'>
}

/** `receiveCount`: how often the queue has handed it out, this time included. */
export type SingleTerms = ClaimTerms & { readonly receiveCount: number }

/**
 * Sends one notice, unless another sends it or has. Answers with the seconds until the next
 * attempt; undefined when there is to be none.
 * @throws when the attempt failed, and a later one may get through.
 */
export async function deliverSingly(
  deps: SingleDeps,
  notice: Notice,
  terms: SingleTerms,
): Promise<number | undefined> {
  const { deliveries, clock } = deps
  const claim = await deliveries.claim(notice, terms)
  if (claim === 'settled') return undefined
  if (typeof claim === 'object') return waitSecondsUntil(claim.leasedUntil, terms.now)
  const way = await giveWay(deps, notice, { ...terms, claim })
  if (way !== 'free')
    return way === 'dropped' ? undefined : waitSecondsUntil(way.leasedUntil, terms.now)
  const outcome = await send(deps, notice, terms.claimant)
  switch (outcome.kind) {
    case 'sent':
      await deliveries.markSent(notice, clock.now(), {
        startedAt: terms.now,
        ...(outcome.remark !== undefined && { remark: outcome.remark }),
      })
      log('delivered', idsOf(notice))
      return undefined
    case 'refused':
      await deliveries.markFailed(notice, {
        claimant: terms.claimant,
        at: clock.now(),
        error: outcome.reason,
      })
      warn('delivery-refused', idsOf(notice))
      return undefined
    case 'postponed':
      warn('delivery-attempt-failed', {
        ...idsOf(notice),
        attempt: terms.receiveCount,
        error: outcome.kind,
      })
      return postponedDelaySeconds(terms.receiveCount, outcome.seconds)
  }
}

/**
 * Drops a notice that was held up until its channel had heard of a later change: people would take
 * old news for new. While the later one is being sent, the notice waits for what comes of that.
 */
async function giveWay(
  { deliveries, clock }: SingleDeps,
  notice: Notice,
  terms: ClaimTerms & Omit<DueDelivery, 'changedAt'>,
): Promise<'free' | 'dropped' | { readonly leasedUntil: number }> {
  if (isVerificationRequest(notice)) return 'free'
  const { alert } = notice
  if (!isHeldUp({ ...terms, changedAt: alert.flip.at }, terms.now)) return 'free'
  const later = await deliveries.laterThan(alert, notice.channel.id, terms)
  if (later === undefined) return 'free'
  const own = { claimant: terms.claimant, at: clock.now() }
  if (later !== 'sent') {
    await deliveries.defer(notice, { ...own, error: overtakingError })
    return later
  }
  await deliveries.drop(notice, { ...own, error: supersededError })
  log('delivery-superseded', idsOf(notice))
  return 'dropped'
}

/** What a log line says of a message. */
export function idsOf(notice: DeliveriesMessage) {
  if (isPersonal(notice)) return { personal: notice.personal.kind }
  const { id: channel, kind } = notice.channel
  if (isDigestRequest(notice)) return { digest: true, channel, kind }
  if (isVerificationRequest(notice)) return { verification: true, channel, kind }
  const { flip, telling } = notice.alert
  const { checkId: check, status, at } = flip
  return { check, status, at, telling, channel, kind }
}
