import type { Invariant, Run } from '../invariant.ts'
import { type Change, changesByCheck, isCounted, ruledChecks } from '../oracle/history.ts'
import { holdsOf, isHeld, KNOWN_MS } from '../oracle/holds.ts'
import { missNoted } from '../oracle/rules.ts'

/**
 * While nothing fails, no run is missed whose deadline falls into a window that was planned in
 * time: neither is it noted, nor does its check go down. What is planned no more excuses nothing.
 */
export const excusedRunsAreNoMisses: Invariant = {
  name: 'excused runs are no misses',
  find: (run) =>
    run.world.faults.areNone ? [...ruledChecks(run)].flatMap((id) => unexcused(run, id)) : [],
}

function unexcused(run: Run, id: string): readonly string[] {
  const { windows } = holdsOf(run, id)
  return (changesByCheck(run).get(id) ?? []).flatMap((change) => {
    const missedAt = missIn(change)
    if (missedAt === undefined) return []
    const planned = windows.filter(({ takenBackAt }) => takenBackAt > change.at)
    return isHeld(
      planned.map(({ stretch }) => stretch),
      missedAt - KNOWN_MS,
      missedAt,
    )
      ? [`${id} is noted as missing at ${missedAt}, in the middle of a window`]
      : []
  })
}

/** When the miss was that a write noted; undefined where it noted none. */
function missIn(change: Change): number | undefined {
  const { before, after } = change
  if (before === undefined || after === undefined || isCounted(change)) return undefined
  if (before.s !== 'down' && after.s === 'down') return after.w
  return missNoted(before, after)
}
