/** How far a delivery has come since it was claimed first. Sent and failed ones are settled. */
export type DeliveryProgress = {
  readonly state: 'sending' | 'waiting' | 'sent' | 'failed'
  readonly attempts: number
  readonly claimant: string
  readonly leaseUntil: number
  readonly failures: readonly Omit<Failure, 'claimant'>[]
  readonly sentAt?: number
}

/**
 * A wish to send a delivery until the lease ends. `claimant` tells a claim from any other, so that
 * one whose answer was lost can be made again. `leaseUntil` lies behind the end of the function
 * that claims.
 */
export type Lease = {
  readonly claimant: string
  readonly now: number
  readonly leaseUntil: number
}

/** What came of an attempt that is over, and by whose claim it was made. */
export type Failure = { readonly claimant: string; readonly at: number; readonly error: string }

/**
 * Claimed again is a delivery that was tried before. Settled is one that was sent, or refused for
 * good.
 */
export type Claim = 'claimed' | 'claimed again' | 'settled' | { readonly leasedUntil: number }

/** What came of the last attempt to send to a channel. The error is empty when there was none. */
export type ChannelOutcome = {
  readonly state: 'sent' | 'waiting' | 'failed'
  readonly at: number
  readonly error: string
}

const ERROR_LENGTH = 200

type Claimed = { readonly claim: Claim; readonly after: DeliveryProgress | undefined }

/** Gives a delivery to one at a time: to who has it, or who comes when nobody has. */
export function claimDelivery(before: DeliveryProgress | undefined, lease: Lease): Claimed {
  if (before !== undefined && !isClaimable(before, lease))
    return { claim: refusalOf(before), after: before }
  const { claimant, leaseUntil } = lease
  const attempts = (before?.attempts ?? 0) + 1
  const failures = before?.failures ?? []
  const after = { ...before, state: 'sending', attempts, claimant, leaseUntil, failures } as const
  return { claim: attempts > 1 ? 'claimed again' : 'claimed', after }
}

function isClaimable(before: DeliveryProgress, { claimant, now }: Lease): boolean {
  const isFree = before.leaseUntil <= now || before.claimant === claimant
  return before.state === 'waiting' || (before.state === 'sending' && isFree)
}

function refusalOf({ state, leaseUntil }: DeliveryProgress): Claim {
  return state === 'sending' ? { leasedUntil: leaseUntil } : 'settled'
}

/** The delivery once its channel has taken it, by whichever attempt. */
export function sentDelivery(before: DeliveryProgress, now: number): DeliveryProgress {
  return { ...before, state: 'sent', sentAt: now }
}

/**
 * The delivery after an attempt that failed: it waits for the next, or is given up. An attempt that
 * lost its claim changes nothing, as another came after it.
 */
export function failedDelivery(
  before: DeliveryProgress,
  state: 'waiting' | 'failed',
  { claimant, at, error }: Failure,
): DeliveryProgress {
  if (before.state !== 'sending' || before.claimant !== claimant) return before
  return { ...before, state, failures: [...before.failures, { at, error: shownError(error) }] }
}

/**
 * A delivery that is later than this was held up before it was claimed: its flip was parked, or
 * could not be seen at its time.
 */
const LATE_MS = 5 * 60_000

/** A delivery of a change that is about to be sent, and how often its message was received. */
export type DueDelivery = {
  readonly claim: Claim
  readonly receiveCount: number
  readonly changedAt: number
}

/**
 * Whether its channel may have heard of a later change of the same check. A change may rightly be
 * told late, so this is no more than a reason to look.
 */
export function isHeldUp({ claim, receiveCount, changedAt }: DueDelivery, now: number): boolean {
  return receiveCount > 1 || claim === 'claimed again' || now - changedAt > LATE_MS
}

/** What a delivery says that was given up, as it would be old news, taken for new. */
export const supersededError =
  'superseded: a later change of the check was sent before this could be'

/** What an attempt says that gave way to one under way. */
export const overtakingError = 'not tried: a later change of the check is being sent'

/** As much of an error as people read. */
export function shownError(error: string): string {
  return error.slice(0, ERROR_LENGTH)
}
