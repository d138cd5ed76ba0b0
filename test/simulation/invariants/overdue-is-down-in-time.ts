import { deadlineBy } from '../oracle/deadline.ts'
import { type Change, plainChangesByCheck } from '../oracle/history.ts'
import type { Invariant, Run } from '../invariant.ts'

/**
 * For pings on their way, for the group in which deadlines are judged, and for the calls that it
 * takes.
 */
const LONGEST_MS = 1000 + 100 + 400

/**
 * While nothing of AWS fails, what is overdue is down within a second and a half of its deadline;
 * or of the first sweep that could know it, as where a definition has put the deadline into the
 * past. Not judged where deadlines are held, nor when sweeps become rare in the end.
 */
export const overdueIsDownInTime: Invariant = {
  name: 'overdue is down in time',
  find(run) {
    if (!run.world.faults.areNone || run.world.faults.noSweeps[1] > 0 || run.settings.watchesIntake)
      return []
    return [...plainChangesByCheck(run).values()].flatMap((changes) => lateFlips(run, changes))
  },
}

function lateFlips({ deployment, endAt }: Run, changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ id, at, by, before, after }, index) => {
    if (at > endAt || by.name !== 'sweep' || after?.s !== 'down' || before?.s === 'down') return []
    const deadline = after.w ?? 0
    // From when on the heartbeat had this deadline: what came since has not moved it.
    const known = changes
      .slice(0, index)
      .findLastIndex((one) => one.before === undefined || deadlineBy(one.before) !== deadline)
    const knownAt = changes[known]?.at ?? 0
    const seenAt = deployment.sweeps.startedAt.find((startedAt) => startedAt >= knownAt) ?? Infinity
    const lateMs = at - Math.max(deadline, seenAt)
    return lateMs <= LONGEST_MS
      ? []
      : [`${id} is down ${lateMs} ms after its deadline ${deadline} could be known`]
  })
}
