import { isWithoutState } from '../domain/watching/state-loss.ts'
import { makeLook } from '../domain/watching/sweep.ts'
import { nameOf } from '../runtime/log.ts'
import { appoint, judge } from './judge.ts'
import { fail, judged, type Run } from './run.ts'

const SEGMENTS = 4

/**
 * Looks at all heartbeats, page by page. It flags what is overdue, after another look, appoints
 * what will be, and notes whose flips nobody has taken. Where a part of the table can't be read,
 * the others are looked at all the same.
 */
export async function scan(run: Run): Promise<'whole' | 'partial'> {
  const segments = Array.from({ length: SEGMENTS }, (_, segment) => isRead(run, segment))
  return (await Promise.all(segments)).includes(false) ? 'partial' : 'whole'
}

async function isRead(run: Run, segment: number): Promise<boolean> {
  try {
    await scanSegment(run, segment)
    return true
  } catch (error) {
    fail(run, '', nameOf(error))
    return false
  }
}

async function scanSegment(run: Run, segment: number): Promise<void> {
  const look = makeLook(run.startedAt, run.horizon)
  for await (const { heartbeats, broken } of run.deps.heartbeats.scanStates(segment, SEGMENTS)) {
    run.done.heartbeats += heartbeats.length + broken.length
    for (const id of broken) fail(run, id, 'unreadable')
    const overdue: string[] = []
    let newest = -Infinity
    for (const heartbeat of heartbeats) {
      if (isWithoutState(heartbeat)) run.done.withoutState += 1
      const { deadline, untoldSince } = judged(run, heartbeat, look) ?? {}
      if (deadline !== undefined && appoint(run, heartbeat.id, deadline) === 'past') {
        overdue.push(heartbeat.id)
        newest = Math.max(newest, deadline)
      }
      if (untoldSince !== undefined) run.untold.push({ id: heartbeat.id, since: untoldSince })
    }
    await judge(run, overdue, newest)
  }
}
