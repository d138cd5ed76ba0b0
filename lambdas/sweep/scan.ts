import type { FlipMessage } from '../domain/alert.ts'
import { unacknowledgedFlip } from '../domain/flip.ts'
import { isWithoutState } from '../domain/state-loss.ts'
import { makeLook } from '../domain/sweep.ts'
import { groupsOf } from '../runtime/groups.ts'
import { nameOf } from '../runtime/log.ts'
import { appoint, judge } from './judge.ts'
import { fail, judged, type Run } from './run.ts'

const SEGMENTS = 4
/** As many as go into one call. */
const RESEND_GROUP = 10

/**
 * Looks at all heartbeats, page by page, and reads again those that something may be to be done about: it flags what is overdue, appoints
 * what will be, and sends again what nobody acknowledged. Where a part of the table can't be read, the others are looked at all the same.
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
  for await (const { heartbeats, broken } of run.deps.heartbeats.glances(segment, SEGMENTS)) {
    run.done.heartbeats += heartbeats.length + broken.length
    for (const id of broken) fail(run, id, 'unreadable')
    const [overdue, forgotten]: readonly [string[], string[]] = [[], []]
    let newest = -Infinity
    for (const heartbeat of heartbeats) {
      if (isWithoutState(heartbeat)) run.done.withoutState += 1
      const { deadline, unacknowledged } = judged(run, heartbeat, look) ?? {}
      if (deadline !== undefined && appoint(run, heartbeat.id, deadline) === 'past') {
        overdue.push(heartbeat.id)
        newest = Math.max(newest, deadline)
      }
      if (unacknowledged !== undefined) forgotten.push(heartbeat.id)
    }
    await judge(run, overdue, newest)
    await resend(run, forgotten)
  }
}

/** What can't be sent again now will be by the next run; it must not keep this one from looking on. */
async function resend(run: Run, ids: readonly string[]): Promise<void> {
  for (const some of groupsOf(ids, RESEND_GROUP)) {
    try {
      const forgotten = [...(await run.deps.heartbeats.readMany(some)).values()].flatMap((heartbeat): readonly FlipMessage[] => {
        const flip = unacknowledgedFlip(heartbeat)
        return flip === undefined ? [] : [{ flip, heartbeat }]
      })
      await run.deps.flips.send(forgotten)
      run.done.resent += forgotten.length
    } catch (error) {
      for (const id of some) fail(run, id, nameOf(error))
    }
  }
}
