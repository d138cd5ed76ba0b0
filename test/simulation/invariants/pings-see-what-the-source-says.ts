import type { Invariant, Run } from '../invariant.ts'
import { beatsOf, changesByCheck } from '../oracle/history.ts'
import type { SourceWrite } from '../workload/source-write.ts'

/** Two runs of a minute lie less than two minutes apart, and a run takes some seconds. */
const SOON_MS = 130_000

/**
 * What the source says is what pings see: soon after it was noted, where nothing fails; and in the
 * end, whatever has failed and whatever no trigger has seen.
 */
export const pingsSeeWhatTheSourceSays: Invariant = {
  name: 'pings see what the source says',
  find: (run) => {
    const writes = Map.groupBy(run.sourced ?? [], ({ uuid }) => uuid)
    return [...writes.values()].flatMap((some) => [
      ...inTheEnd(run, some),
      ...(run.world.faults.areNone ? soon(run, some) : []),
    ])
  },
}

function inTheEnd(run: Run, writes: readonly SourceWrite[]): readonly string[] {
  const last = writes.at(-1)
  const found = beatsOf(run).find(({ id }) => id === last?.uuid)?.G
  return found === last?.graceSeconds
    ? []
    : [`in the end ${last?.uuid} is ${found}, and the source says ${last?.graceSeconds}`]
}

/** Of what stayed so for long enough. */
function soon(run: Run, writes: readonly SourceWrite[]): readonly string[] {
  return writes.flatMap(({ uuid, notedAt, graceSeconds }, index) => {
    const seenAt = (notedAt ?? Infinity) + SOON_MS
    const next = writes[index + 1]?.at ?? run.endAt
    if (seenAt > Math.min(next, run.endAt)) return []
    const changes = changesByCheck(run).get(uuid) ?? []
    const found = changes.findLast(({ at }) => at <= seenAt)?.after?.G
    return found === graceSeconds
      ? []
      : [`at ${seenAt} ${uuid} is ${found}, and the source says ${graceSeconds} since ${notedAt}`]
  })
}
