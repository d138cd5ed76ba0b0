import { deadlineBy, longestHoldMs } from '../oracle/deadline.ts'
import { type Change, plainChangesByCheck, plainChangesOf, isCounted } from '../oracle/history.ts'
import type { Invariant, Run } from '../invariant.ts'

/**
 * 4. A missed deadline is flagged only while no ping inside the deadline is stored: the flip's
 * write meets a heartbeat whose deadline, as the oracle computes it from all pings stored before
 * that write, is the one it is dated with, but for the time in which pings could not be taken, and
 * is past.
 */
export const noFlipBesideAPing: Invariant = {
  name: '4 no flip beside a ping',
  find: (run) => [
    ...plainChangesOf(run).flatMap((change) => wrongFlip(run, change)),
    ...[...plainChangesByCheck(run).values()].flatMap(flipDespitePing),
  ],
}

function isFlagged(change: Change): boolean {
  const { before, after } = change
  return before !== undefined && before.s !== 'down' && after?.s === 'down' && !isCounted(change)
}

function wrongFlip(run: Run, change: Change): readonly string[] {
  const { id, at, before, after } = change
  if (!isFlagged(change) || before === undefined) return []
  const deadline = deadlineBy(before)
  if (deadline === undefined) return [`${id} goes down though nothing is expected of it`]
  const [downSince, latest] = [after?.w ?? 0, at + run.world.faults.maxSkewMs]
  if (downSince < deadline || downSince > deadline + longestHoldMs(run)) {
    return [`${id} goes down as of ${downSince}, its deadline was ${deadline}`]
  }
  return downSince <= latest ? [] : [`${id} goes down ${downSince - latest} ms before its deadline`]
}

/**
 * The same from the pings alone: no success or fail that was stored before the flip is later than
 * what the flip's deadline counts from.
 */
function flipDespitePing(changes: readonly Change[]): readonly string[] {
  let newest = 0
  return changes.flatMap((change) => {
    const { id, before, after } = change
    if (before?.s === 'paused' && after?.s === 'new') newest = 0
    if (isCounted(change) && (after?.c?.k === 'success' || after?.c?.k === 'fail'))
      newest = Math.max(newest, after.c.i)
    if (!isFlagged(change) || before === undefined || before.t !== undefined) return []
    return newest > (before.p ?? 0)
      ? [`${id} goes down beside a ping at ${newest}, which it does not know`]
      : []
  })
}
