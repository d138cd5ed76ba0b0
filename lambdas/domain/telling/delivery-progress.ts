import { type GivenLease, isFree, type Lease } from './lease.ts'

/** How far a delivery has come since it was claimed first. Sent and failed ones are settled. */
export type DeliveryProgress = GivenLease & {
  readonly state: 'sending' | 'waiting' | 'sent' | 'failed'
  readonly attempts: number
  readonly failures: readonly Omit<Failure, 'claimant'>[]
  readonly sentAt?: number
}

/** A failed attempt, and the claimant that made it. */
export type Failure = { readonly claimant: string; readonly at: number; readonly error: string }

/** `claimed again`: the delivery was tried before. `settled`: it was sent, or refused for good. */
export type Claim = 'claimed' | 'claimed again' | 'settled' | { readonly leasedUntil: number }

/**
 * What came of the last attempt to send to a channel. The error is empty when there was none; of
 * what was sent, it says what to change before that fails.
 */
export type ChannelOutcome = {
  readonly state: 'sent' | 'waiting' | 'failed'
  readonly at: number
  readonly error: string
}

const ERROR_LENGTH = 200

type Claimed = { readonly claim: Claim; readonly after: DeliveryProgress | undefined }

/**
 * Gives a delivery to one claimant at a time: the one that has it, or the first to ask when none
 * does.
 */
export function claimDelivery(before: DeliveryProgress | undefined, lease: Lease): Claimed {
  if (before !== undefined && !isClaimable(before, lease))
    return { claim: refusalOf(before), after: before }
  const { claimant, leaseUntil } = lease
  const attempts = (before?.attempts ?? 0) + 1
  const failures = before?.failures ?? []
  const after = { ...before, state: 'sending', attempts, claimant, leaseUntil, failures } as const
  return { claim: attempts > 1 ? 'claimed again' : 'claimed', after }
}

function isClaimable(before: DeliveryProgress, lease: Lease): boolean {
  return before.state === 'waiting' || (before.state === 'sending' && isFree(before, lease))
}

function refusalOf({ state, leaseUntil }: DeliveryProgress): Claim {
  return state === 'sending' ? { leasedUntil: leaseUntil } : 'settled'
}

/** The delivery once its channel has taken it, by whichever attempt. */
export function sentDelivery(before: DeliveryProgress, now: number): DeliveryProgress {
  return { ...before, state: 'sent', sentAt: now }
}

/**
 * The delivery after a failed attempt: it waits for the next, or is given up. An attempt that lost
 * its claim changes nothing, because another came after it.
 */
export function failedDelivery(
  before: DeliveryProgress,
  state: 'waiting' | 'failed',
  { claimant, at, error }: Failure,
): DeliveryProgress {
  if (before.state !== 'sending' || before.claimant !== claimant) return before
  return withFailure(before, state, { at, error })
}

/** The delivery once it is given up for good, by whichever attempt. */
export function givenUpDelivery(
  before: DeliveryProgress,
  failure: Omit<Failure, 'claimant'>,
): DeliveryProgress {
  return withFailure(before, 'failed', failure)
}

function withFailure(
  before: DeliveryProgress,
  state: 'waiting' | 'failed',
  { at, error }: Omit<Failure, 'claimant'>,
): DeliveryProgress {
  return { ...before, state, failures: [...before.failures, { at, error: shownError(error) }] }
}

/** As much of an error as people read. */
export function shownError(error: string): string {
  return error.slice(0, ERROR_LENGTH)
}
