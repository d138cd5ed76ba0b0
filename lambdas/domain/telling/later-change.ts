import type { Claim, DeliveryProgress } from './delivery-progress.ts'
import { type GivenLease, isFree, type Lease } from './lease.ts'
import { tellingKey, type ToldChange } from './telling.ts'

/** A delivery of one change of a check, as deliveries of earlier changes see it. */
export type ChangeDelivery = GivenLease & Pick<DeliveryProgress, 'state'> & ToldChange

/**
 * What became of the later changes of a check: one was sent, or one is being sent until its lease
 * ends. Undefined when neither is so.
 */
export type LaterChange = 'sent' | { readonly leasedUntil: number } | undefined

/**
 * What became of the changes later than `own`, by their deliveries to the same channel. What the
 * claimant itself is sending does not count: one digest tells of several. That a check is still
 * down is later than that it went down.
 */
export function laterChange(
  own: ToldChange,
  lease: Pick<Lease, 'claimant' | 'now'>,
  deliveries: readonly ChangeDelivery[],
): LaterChange {
  const later = deliveries.filter((delivery) => isLater(delivery, own))
  if (later.some(({ state }) => state === 'sent')) return 'sent'
  const leased = later.filter((one) => one.state === 'sending' && !isFree(one, lease))
  if (leased.length === 0) return undefined
  return { leasedUntil: Math.max(...leased.map(({ leaseUntil }) => leaseUntil)) }
}

/**
 * Whether a change came after another. Its date alone is not enough: a run that never ends brings
 * its check down again as of its old deadline, after more pings.
 */
function isLater(one: ToldChange, other: ToldChange): boolean {
  return keyOf(one) > keyOf(other) && one.change.count >= other.change.count
}

function keyOf({ change, telling }: ToldChange): string {
  return tellingKey(change, telling)
}

/**
 * A delivery this late was held up before it was claimed: its flip was parked, or could not be seen
 * at its time.
 */
const LATE_MS = 5 * 60_000

/** A delivery of a change that is about to be sent, and how often its message was received. */
export type DueDelivery = {
  readonly claim: Claim
  readonly receiveCount: number
  readonly changedAt: number
}

/**
 * Whether the channel may have heard of a later change of the same check. This is only a reason to
 * look, because some changes are rightly told late.
 */
export function isHeldUp({ claim, receiveCount, changedAt }: DueDelivery, now: number): boolean {
  return receiveCount > 1 || claim === 'claimed again' || now - changedAt > LATE_MS
}

/** The error of a delivery that is given up, because people would take its old news for new. */
export const supersededError =
  'superseded: a later change of the check was sent before this could be'

/** The error of an attempt that gives way to one under way. */
export const overtakingError = 'not tried: a later change of the check is being sent'
