import type { BatchWriteItemCommandInput } from '@aws-sdk/client-dynamodb'
import { changesOf, isCounted } from '../oracle/history.ts'
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
    const wanted = changes.filter(isCounted).length + flips.length
    return written === wanted ? [] : [`${written} lines are written of ${wanted} pings and flips`]
  },
}
