import { type Change, changesByCheck, isCounted } from '../oracle/history.ts'
import type { Invariant, Run } from '../invariant.ts'
import type { ToldPing } from '../told.ts'

/**
 * Nobody is woken for nothing, by what jobs were told: no check is flagged as missing while a job had an answer for a success that it sent
 * after whatever the deadline counts from. Documented exception (decision 3): clocks of functions that differ put signals closer to
 * each other than they differ in the wrong order. And pings that wait in the spill queue are not known yet.
 */
export const nobodyWokenForNothing: Invariant = {
  name: 'nobody woken for nothing',
  find(run) {
    const pings = Map.groupBy(run.told.pings.filter(isHeard), ({ checkId }) => checkId ?? '')
    return [...changesByCheck(run)].flatMap(([id, changes]) => wokenFor(run, changes, pings.get(id) ?? []))
  },
}

function isHeard({ status, signal }: ToldPing): boolean {
  return status === 200 && signal === 'success'
}

function wokenFor({ world }: Run, changes: readonly Change[], pings: readonly ToldPing[]): readonly string[] {
  const accepted = new Map(
    changes.filter((change) => isCounted(change) && change.by.name !== 'replay').map(({ after }) => [after?.q, after?.c]),
  )
  return changes.flatMap((change) => {
    const { id, at, before, after } = change
    if (before === undefined || before.s === 'down' || after?.s !== 'down' || isCounted(change)) return []
    const dueAt = (after.w ?? 0) - before.G * 1000
    const countsFrom = before.t === dueAt ? before.t : (before.p ?? 0)
    const margin = 2 * world.faults.maxSkewMs
    const ended = pings.find(({ requestId, sentAt, answeredAt, runId }) => {
      const isOwn = before.t !== dueAt || before.r === undefined || before.r === runId
      return accepted.get(requestId)?.k === 'success' && isOwn && answeredAt < at && sentAt > countsFrom + margin
    })
    return ended === undefined
      ? []
      : [`${id} is flagged as of ${after.w}, though ping ${ended.requestId}, sent at ${ended.sentAt}, was answered 200`]
  })
}
