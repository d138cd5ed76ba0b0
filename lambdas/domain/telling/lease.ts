/**
 * A request to be the only sender of something until the lease ends. `claimant` identifies the
 * claim, so that it can be repeated when its answer was lost. `leaseUntil` is later than the end of
 * the function that claims.
 */
export type Lease = {
  readonly claimant: string
  readonly now: number
  readonly leaseUntil: number
}

/** Who is the only sender, and until when. */
export type GivenLease = Omit<Lease, 'now'>

/** Whether a claimant may take what was given: the lease has ended, or is the claimant's own. */
export function isFree(
  given: GivenLease,
  { claimant, now }: Pick<Lease, 'claimant' | 'now'>,
): boolean {
  return given.leaseUntil <= now || given.claimant === claimant
}
