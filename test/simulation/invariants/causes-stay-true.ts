import { waitsOf } from '../oracle/deadline.ts'
import { type Beat, type Change, plainChangesOf, isCounted } from '../oracle/history.ts'
import type { Invariant } from '../invariant.ts'

/**
 * A check that goes down keeps why: the exit status of the ping that did it, or what the heartbeat
 * waited for by then. Nothing that comes later changes that, as long as the check is down.
 */
export const causesStayTrue: Invariant = {
  name: 'causes stay true',
  find: (run) => plainChangesOf(run).flatMap(wrongCause),
}

function wrongCause(change: Change): readonly string[] {
  const { id, before, after } = change
  if (before === undefined || after === undefined) return []
  const causes = after.s === 'down' ? causesOf(before, after, isCounted(change)) : [undefined]
  return causes.includes(after.y)
    ? []
    : [`${id} is ${after.s} because of ${after.y}, and not of ${causes.join(' or ')}`]
}

function causesOf(before: Beat, after: Beat, isPing: boolean): readonly (string | undefined)[] {
  if (before.s === 'down') return [before.y]
  if (isPing) return [`f${after.c?.x ?? ''}`]
  return waitsOf(before).map(({ deadline, since }) =>
    since === before.t ? `u${since}/${before.G}` : `m${deadline - before.G * 1000}`,
  )
}
