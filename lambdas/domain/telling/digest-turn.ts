import { type GivenLease, isFree, type Lease } from './lease.ts'

/** `leasedUntil`: when the turn of another ends at the latest. */
export type DigestTurn = 'taken' | { readonly leasedUntil: number }

/** Lets one sender at a time send a channel's digests, so that all that waits goes into one. */
export function takeDigestTurn(
  before: GivenLease | undefined,
  lease: Lease,
): { readonly turn: DigestTurn; readonly after: GivenLease } {
  if (before !== undefined && !isFree(before, lease))
    return { turn: { leasedUntil: before.leaseUntil }, after: before }
  const { claimant, leaseUntil } = lease
  return { turn: 'taken', after: { claimant, leaseUntil } }
}

/** Ends a turn early, unless another has taken it over. */
export function endDigestTurn(
  before: GivenLease | undefined,
  claimant: string,
): GivenLease | undefined {
  return before?.claimant === claimant ? { ...before, leaseUntil: 0 } : before
}
