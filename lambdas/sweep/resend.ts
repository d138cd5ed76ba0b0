import type { FlipMessage } from '../domain/telling/alert.ts'
import { notedAtOf, outageFlipOf, unacknowledgedFlip } from '../domain/watching/flip.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import { isGivenUp, nextLookAt, nextResendAt } from '../domain/telling/resend.ts'
import { groupsOf } from '../runtime/groups.ts'
import { nameOf } from '../runtime/log.ts'
import { fail, type Run, type Untold } from './run.ts'

/** What one call reads. */
const READ_AT_ONCE = 100
/** In a queue longer than this, flips that are sent again would only wait. */
const DEEP_QUEUE = 1000
/** The next run has begun by then, and goes on. */
const WORK_MS = 60_000

/**
 * Sends again the flips that `alert` has not acknowledged, when they are 2, 4, 8 … minutes old, and
 * those that it is to look at, when that is due. It
 * follows the scan, so that the scan never waits for it. The longest due go first, and the next run
 * goes on where this one ended: flips that fail each time, however many, hold up no others.
 */
export async function resend(run: Run, scanned: 'whole' | 'partial'): Promise<void> {
  const { deps, startedAt, untold, done } = run
  if (untold.length === 0) return
  done.givenUp = untold.filter(({ since }) => isGivenUp(since, startedAt)).length
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

type Due = Untold & { readonly dueAt: number }

/** Longest due first. */
function dueAfter(before: number, { untold, startedAt }: Run): readonly Due[] {
  const all = untold.map((each): Due => ({ ...each, dueAt: nextAt(each, before) ?? Infinity }))
  return all.filter(({ dueAt }) => dueAt <= startedAt).sort((one, other) => one.dueAt - other.dueAt)
}

function nextAt({ kind, since }: Untold, after: number): number | undefined {
  return kind === 'flip' ? nextResendAt(since, after) : nextLookAt(since, after)
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
 * Sends a group, but for what has changed since the scan: a flip that came after it is on its way
 * for the first time, and `alert` has looked. Answers with whether the group could be sent.
 */
async function sendAgain(run: Run, some: readonly Untold[]): Promise<boolean> {
  const ids = some.map(({ id }) => id)
  try {
    const heartbeats = await run.deps.heartbeats.readMany(ids, (id) => fail(run, id, 'unreadable'))
    const messages = some.flatMap((untold) => messagesOf(untold, heartbeats.get(untold.id)))
    await run.deps.flips.send(messages)
    run.done.resent += messages.length
    return true
  } catch (error) {
    for (const id of ids) fail(run, id, nameOf(error))
    return false
  }
}

function messagesOf(
  { kind, since }: Untold,
  heartbeat: Heartbeat | undefined,
): readonly FlipMessage[] {
  if (heartbeat === undefined) return []
  const now =
    kind === 'flip'
      ? { flip: unacknowledgedFlip(heartbeat), since: notedAtOf(heartbeat) }
      : { flip: outageFlipOf(heartbeat), since: heartbeat.lookAt }
  return now.flip === undefined || now.since !== since ? [] : [{ flip: now.flip, heartbeat }]
}
