import type { FlipMessage } from '../domain/telling/alert.ts'
import { notedAtOf, unacknowledgedFlip } from '../domain/watching/flip.ts'
import { isGivenUp, nextResendAt } from '../domain/telling/resend.ts'
import { groupsOf } from '../runtime/groups.ts'
import { nameOf } from '../runtime/log.ts'
import { fail, type Run, type Untold } from './run.ts'

/** As many as one call reads. */
const GROUP = 100
/** Flips that are sent again would only wait behind a queue that is longer than this. */
const DEEP = 1000
/** The next run has begun by then, and goes on. */
const WORK_MS = 60_000

/**
 * Sends again the flips that nobody took and whose age has passed 2, 4, 8 … minutes since that was
 * last done. After the scan, so that it never waits for this. The longest due go first, and the
 * next run goes on behind them: flips that fail each time, however many, keep none of the others
 * from being sent.
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
  const all = untold.map((flip): Due => ({
    ...flip,
    dueAt: nextResendAt(flip.since, before) ?? Infinity,
  }))
  return all.filter(({ dueAt }) => dueAt <= startedAt).sort((one, other) => one.dueAt - other.dueAt)
}

/** Answers with the instant up to which all due flips are sent. */
async function sendInTurn(run: Run, due: readonly Due[]): Promise<number> {
  const { deps, startedAt } = run
  let until = startedAt
  for (const some of groupsOf(due, GROUP)) {
    const untilHere = Math.min(until, (some[0]?.dueAt ?? startedAt) - 1)
    if (deps.clock.now() > startedAt + WORK_MS || (await deps.flips.depth()) > DEEP)
      return untilHere
    if (!(await sendAgain(run, some))) until = untilHere
  }
  return until
}

/**
 * A flip that can't be sent keeps no other from it. A flip that came after the scan is on its way
 * for the first time.
 */
async function sendAgain(run: Run, some: readonly Untold[]): Promise<boolean> {
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
