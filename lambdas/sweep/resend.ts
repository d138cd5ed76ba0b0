import type { FlipMessage } from '../domain/telling/alert.ts'
import { notedAtOf, unacknowledgedFlip } from '../domain/watching/flip.ts'
import { isGivenUp, nextResendAt } from '../domain/telling/resend.ts'
import { groupsOf } from '../runtime/groups.ts'
import { nameOf } from '../runtime/log.ts'
import { fail, type Run, type Unacknowledged } from './run.ts'

/** What one call reads. */
const READ_AT_ONCE = 100
/** In a queue longer than this, flips that are sent again would only wait. */
const DEEP_QUEUE = 1000
/** The next run has begun by then, and goes on. */
const WORK_MS = 60_000

/**
 * Sends again the flips that `alert` has not acknowledged, when they are 2, 4, 8 … minutes old. It
 * follows the scan, so that the scan never waits for it. The longest due go first, and the next run
 * goes on where this one ended: flips that fail each time, however many, hold up no others.
 */
export async function resend(run: Run, scanned: 'whole' | 'partial'): Promise<void> {
  const { deps, startedAt, unacknowledged, done } = run
  if (unacknowledged.length === 0) return
  done.givenUp = unacknowledged.filter(({ since }) => isGivenUp(since, startedAt)).length
  try {
    const before = await deps.operations.resentUntil()
    const due = dueAfter(before, run)
    if (due.length === 0) return
    const until = await sendInTurn(run, due)
    if (scanned === 'whole' && until > before) await deps.operations.markResent(until)
  } catch (error) {
    fail(run, '', nameOf(error))
  }
}

type Due = Unacknowledged & { readonly dueAt: number }

/** Longest due first. */
function dueAfter(before: number, { unacknowledged, startedAt }: Run): readonly Due[] {
  const all = unacknowledged.map((flip): Due => ({
    ...flip,
    dueAt: nextResendAt(flip.since, before) ?? Infinity,
  }))
  return all.filter(({ dueAt }) => dueAt <= startedAt).sort((one, other) => one.dueAt - other.dueAt)
}

/** The instant up to which all due flips are sent. */
async function sendInTurn(run: Run, due: readonly Due[]): Promise<number> {
  const { deps, startedAt } = run
  let until = startedAt
  for (const some of groupsOf(due, READ_AT_ONCE)) {
    const untilHere = Math.min(until, (some[0]?.dueAt ?? startedAt) - 1)
    if (deps.clock.now() > startedAt + WORK_MS || (await deps.flips.depth()) > DEEP_QUEUE)
      return untilHere
    if (!(await sendAgain(run, some))) until = untilHere
  }
  return until
}

/**
 * Sends a group, but for flips that came after the scan: they are on their way for the first time.
 * Answers with whether the group could be sent.
 */
async function sendAgain(run: Run, some: readonly Unacknowledged[]): Promise<boolean> {
  try {
    const sinceOf = new Map(some.map(({ id, since }) => [id, since]))
    const heartbeats = await run.deps.heartbeats.readMany([...sinceOf.keys()], (id) =>
      fail(run, id, 'unreadable'),
    )
    const messages = [...heartbeats.values()].flatMap((heartbeat): readonly FlipMessage[] => {
      const flip = unacknowledgedFlip(heartbeat)
      return flip === undefined || notedAtOf(heartbeat) !== sinceOf.get(heartbeat.id)
        ? []
        : [{ flip, heartbeat }]
    })
    await run.deps.flips.send(messages)
    run.done.resent += messages.length
    return true
  } catch (error) {
    for (const { id } of some) fail(run, id, nameOf(error))
    return false
  }
}
