import { isWithoutState } from '../domain/watching/state-loss.ts'
import { makeInspection } from '../domain/watching/inspection.ts'
import { nameOf } from '../runtime/log.ts'
import { appoint, judge } from './judge.ts'
import { evaluate, fail, type Run } from './run.ts'

const SEGMENTS = 4

/**
 * Inspects all heartbeats, page by page. It judges those past their deadline, makes appointments
 * for those whose deadline is near, and notes the flips that `alert` has not acknowledged. A part
 * of the table that can't be read keeps no other from being inspected.
 */
export async function scan(run: Run): Promise<'whole' | 'partial'> {
  const segments = Array.from({ length: SEGMENTS }, (_, segment) => scanSegment(run, segment))
  return (await Promise.all(segments)).includes('partial') ? 'partial' : 'whole'
}

async function scanSegment(run: Run, segment: number): Promise<'whole' | 'partial'> {
  try {
    await scanPages(run, segment)
    return 'whole'
  } catch (error) {
    fail(run, '', nameOf(error))
    return 'partial'
  }
}

async function scanPages(run: Run, segment: number): Promise<void> {
  const inspect = makeInspection(run.startedAt, run.horizon)
  for await (const { heartbeats, broken } of run.deps.heartbeats.scanStates(segment, SEGMENTS)) {
    run.done.heartbeats += heartbeats.length + broken.length
    for (const id of broken) fail(run, id, 'unreadable')
    const overdue: string[] = []
    let latest = -Infinity
    for (const heartbeat of heartbeats) {
      if (isWithoutState(heartbeat)) run.done.withoutState += 1
      const { deadline, unacknowledgedSince } = evaluate(run, heartbeat, inspect) ?? {}
      if (deadline !== undefined && appoint(run, heartbeat.id, deadline) === 'past') {
        overdue.push(heartbeat.id)
        latest = Math.max(latest, deadline)
      }
      if (unacknowledgedSince !== undefined)
        run.unacknowledged.push({ id: heartbeat.id, since: unacknowledgedSince })
    }
    await judge(run, overdue, latest)
  }
}
