import type { Run } from '../invariant.ts'
import { changesOf } from './history.ts'

/**
 * The requests of pings that went to the spill queue. Nobody knew of their checks when they were
 * answered 200.
 */
export function spilledRequests({ deployment }: Run): ReadonlySet<string> {
  const messages = deployment
    .queue('Spill')
    .sent.map((body) => JSON.parse(body) as { readonly ping: { readonly requestId: string } })
  return new Set(messages.map(({ ping }) => ping.requestId))
}

/** Checks that were deleted: a replay drops their pings, as their sender would have been told. */
export function deletedChecks(run: Run): ReadonlySet<string | undefined> {
  return new Set(changesOf(run).flatMap(({ id, after }) => (after === undefined ? [id] : [])))
}
