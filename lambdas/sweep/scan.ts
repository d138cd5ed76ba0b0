import { isWithoutState } from '../domain/watching/state-loss.ts'
import { deadlineOf } from '../domain/watching/deadline.ts'
import type { HeartbeatState } from '../domain/watching/heartbeat.ts'
import { unimpaired } from '../domain/watching/impairment.ts'
import { makeInspection } from '../domain/watching/inspection.ts'
import { nameOf } from '../runtime/log.ts'
import { appoint, judge } from './judge.ts'
import { evaluate, fail, type Run } from './run.ts'

const SEGMENTS = 4

/**
 * Inspects all heartbeats, page by page. It judges those past their deadline, makes appointments
 * for those whose deadline is near, and notes the flips that `alert` has not acknowledged, or is
 * to look at. A part of the table that can't be read keeps no other from being inspected.
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
    const [due, excusable]: [Due[], Due[]] = [[], []]
    for (const heartbeat of heartbeats) {
      if (isWithoutState(heartbeat)) run.done.withoutState += 1
      const { id } = heartbeat
      const { deadline, unacknowledgedSince, lookDueAt } = evaluate(run, heartbeat, inspect) ?? {}
      if (deadline !== undefined)
        (heartbeat.windows === undefined ? due : excusable).push({ heartbeat, deadline })
      if (unacknowledgedSince !== undefined)
        run.untold.push({ kind: 'flip', id, since: unacknowledgedSince })
      if (lookDueAt !== undefined) run.untold.push({ kind: 'look', id, since: lookDueAt })
    }
    for (const each of excusable) due.push(...(await unlessExcused(run, each)))
    const past = due.filter(
      ({ heartbeat: { id }, deadline }) => appoint(run, id, deadline) === 'past',
    )
    const latest = Math.max(...past.map(({ deadline }) => deadline))
    await judge(
      run,
      past.map(({ heartbeat }) => heartbeat.id),
      latest,
    )
  }
}

/** A heartbeat whose deadline is past or near. */
type Due = { readonly heartbeat: HeartbeatState; readonly deadline: number }

/** What windows excuse for longer than this run looks ahead is not looked at again. */
async function unlessExcused(run: Run, due: Due): Promise<readonly Due[]> {
  const planned = await run.plannedFor(due.heartbeat)
  if (planned === undefined) return [due]
  const leeway = { ...unimpaired, planned }
  const deadline = evaluate(run, due.heartbeat, (one) => deadlineOf(one, leeway))
  return deadline !== undefined && deadline <= run.horizon ? [{ ...due, deadline }] : []
}
