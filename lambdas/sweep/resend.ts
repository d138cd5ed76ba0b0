import type { FlipMessage } from '../domain/alert.ts'
import { unacknowledgedFlip } from '../domain/flip.ts'
import { isGivenUp, nextResendAt } from '../domain/resend.ts'
import { groupsOf } from '../runtime/groups.ts'
import { nameOf } from '../runtime/log.ts'
import { fail, type Run, type Untold } from './run.ts'

/** As many as one call reads. */
const GROUP = 100
/** A queue with more messages than this is being worked off, or is not: what is sent again would only wait behind them. */
const DEEP = 1000
/** The next run begins by then, and goes on. */
const WORK_MS = 60_000

/**
 * Sends again the flips that nobody took and whose age has passed 2, 4, 8 … minutes since that was last done. After the scan, so that it
 * never waits for this; what is not sent now, as while the queue is deep, is sent by a later run, and once.
 */
export async function resend(run: Run, scanned: 'whole' | 'partial'): Promise<void> {
  const { deps, startedAt, untold, done } = run
  if (untold.length === 0) return
  done.givenUp = untold.filter(({ since }) => isGivenUp(since, startedAt)).length
  try {
    const before = await deps.operations.resentUntil()
    const due = untold.filter(({ since }) => (nextResendAt(since, before) ?? Infinity) <= startedAt)
    if (due.length > 0 && (await areSent(run, due)) && scanned === 'whole') await deps.operations.markResent(startedAt)
  } catch (error) {
    fail(run, '', nameOf(error))
  }
}

async function areSent(run: Run, due: readonly Untold[]): Promise<boolean> {
  const { deps, startedAt } = run
  let areAll = true
  for (const some of groupsOf(due, GROUP)) {
    if (deps.clock.now() > startedAt + WORK_MS || (await deps.flips.depth()) > DEEP) return false
    areAll = (await sendAgain(run, some)) && areAll
  }
  return areAll
}

/** What can't be sent must not keep the others from it. */
async function sendAgain(run: Run, some: readonly Untold[]): Promise<boolean> {
  try {
    const ids = some.map(({ id }) => id)
    const heartbeats = await run.deps.heartbeats.readMany(ids, (id) => fail(run, id, 'unreadable'))
    const messages = [...heartbeats.values()].flatMap((heartbeat): readonly FlipMessage[] => {
      const flip = unacknowledgedFlip(heartbeat)
      return flip === undefined ? [] : [{ flip, heartbeat }]
    })
    await run.deps.flips.send(messages)
    run.done.resent += messages.length
    return true
  } catch (error) {
    for (const { id } of some) fail(run, id, nameOf(error))
    return false
  }
}
