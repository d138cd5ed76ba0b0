/** Why a run failed: it was missed, it did not end in time, or its end says so. */
export type RunCause = MissCause | FailCause

/** What is found out without a ping. */
export type MissCause =
  | { readonly kind: 'missed'; readonly dueAt: number }
  | { readonly kind: 'unfinished'; readonly startedAt: number; readonly limitSeconds: number }

/** What a ping says, or what rules say of it. */
export type FailCause =
  | { readonly kind: 'failed'; readonly exitStatus?: number }
  | { readonly kind: 'too-short'; readonly tookMs: number; readonly leastSeconds: number }
  | { readonly kind: 'too-often'; readonly count: number; readonly seconds: number }

/**
 * Why a check went down. It has all that is told of it, because what the heartbeat shows besides
 * changes with later pings. `among` has the failures that counted, oldest first and the last one
 * included, where the check tolerates some.
 */
export type DownCause = RunCause & { readonly among?: readonly FailedRun[] }

/** A failure that is tolerated, or that counted. */
export type FailedRun = {
  readonly at: number
  readonly kind: RunCause['kind']
  readonly exitStatus?: number
}

export function failureBy({ exitStatus }: { readonly exitStatus?: number }): FailCause {
  return { kind: 'failed', ...(exitStatus === undefined ? {} : { exitStatus }) }
}
