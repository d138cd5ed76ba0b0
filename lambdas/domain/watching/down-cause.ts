/**
 * Why a check went down: no ping came, a run did not end in time, or the job said so itself. It has
 * all that is told of it, because what the heartbeat shows besides changes with later pings.
 */
export type DownCause = MissCause | FailCause

/** What is found out without a ping. */
export type MissCause =
  | { readonly kind: 'missed'; readonly dueAt: number }
  | { readonly kind: 'unfinished'; readonly startedAt: number }

type FailCause = { readonly kind: 'failed'; readonly exitStatus?: number }

export function failureBy({ exitStatus }: { readonly exitStatus?: number }): FailCause {
  return { kind: 'failed', ...(exitStatus === undefined ? {} : { exitStatus }) }
}
