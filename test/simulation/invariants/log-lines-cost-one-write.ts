import type { BatchWriteItemCommandInput } from '@aws-sdk/client-dynamodb'
import { type Change, changesOf, isCounted } from '../oracle/history.ts'
import { missNoted } from '../oracle/rules.ts'
import type { Invariant } from '../invariant.ts'

/**
 * While nothing of AWS fails, the log of a check costs one write for each ping and one for each
 * flip, and none for any other change.
 */
export const logLinesCostOneWrite: Invariant = {
  name: 'log lines cost one write',
  find(run) {
    const { world, settled } = run
    const until = settled?.at ?? Infinity
    if (!world.faults.areNone) return []
    const written = world.processes
      .filter(({ name }) => name === 'record')
      .flatMap(({ calls }) =>
        calls.filter(({ operation, at }) => operation === 'BatchWriteItem' && at < until),
      )
      .reduce(
        (sum, { input }) =>
          sum + ((input as BatchWriteItemCommandInput).RequestItems?.['Journal']?.length ?? 0),
        0,
      )
    const changes = changesOf(run).filter(({ at }) => at < until)
    const flips = changes.filter(
      ({ before, after }) => before !== undefined && after !== undefined && before.s !== after.s,
    )
    const misses = changes.filter(isTolerated)
    const wanted = changes.filter(isCounted).length + flips.length + misses.length
    return written === wanted
      ? []
      : [`${written} lines are written of ${wanted} pings, flips and misses`]
  },
}

/** Whether a write noted a miss, and its check stays up. */
function isTolerated({ before, after }: Change): boolean {
  if (before === undefined || after === undefined) return false
  return missNoted(before, after) !== undefined
}
