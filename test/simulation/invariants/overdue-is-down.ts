import { deadlineBy, longestHoldMs } from '../oracle/deadline.ts'
import { beatsOf, ruledChecks } from '../oracle/history.ts'
import type { Invariant } from '../invariant.ts'

const SLACK_MS = 10_000

/**
 * Nothing is lost: what was overdue when the last sweep looked is down. That it was told is
 * invariant 5.
 */
export const overdueIsDown: Invariant = {
  name: 'overdue is down',
  find: (run) =>
    beatsOf(run).flatMap((beat) => {
      if (ruledChecks(run).has(beat.id)) return []
      const deadline = deadlineBy(beat) ?? Infinity
      return beat.s !== 'down' &&
        deadline + longestHoldMs(run) + SLACK_MS < run.deployment.sweeps.lastStartAt
        ? [`${beat.id} is ${beat.s}, its deadline was ${deadline}`]
        : []
    }),
}
