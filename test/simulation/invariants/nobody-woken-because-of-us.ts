import { longestHoldMs, type Wait, waitsOf } from '../oracle/deadline.ts'
import { type Change, plainChangesOf, isCounted } from '../oracle/history.ts'
import type { Invariant, Run } from '../invariant.ts'

/**
 * How long after its deadline a heartbeat is judged, and how long that takes; how long a canary may
 * be on its way.
 */
const JUDGED_MS = 3000
const CANARY_MS = 5000
/** How far ahead a sweep waits for deadlines. */
const AHEAD_MS = 120_000

/**
 * Who waits for a ping while none can be taken waits for so much longer, up to the longest hold. It
 * takes that the sweep can know: that it judges the deadline while pings fail, or has sent a canary
 * meanwhile; so an outage between two canaries is not promised to be noticed, nor how much of one
 * was before the first sweep of all.
 */
export const nobodyWokenBecauseOfUs: Invariant = {
  name: 'nobody woken because of us',
  find: (run) =>
    run.settings.watchesIntake && run.world.faults.areNone
      ? plainChangesOf(run).flatMap((change) => tooEarly(run, change))
      : [],
}

function tooEarly(run: Run, change: Change): readonly string[] {
  const { id, at, before, after } = change
  if (before === undefined || before.s === 'down' || after?.s !== 'down' || isCounted(change))
    return []
  const [began, ended] = run.world.faults.noPings
  const from = Math.max(began, Math.min(...run.deployment.sweeps.startedAt))
  const until = Math.min(ended, run.endAt)
  const waits = waitsOf(before)
  const held =
    waits.length === 0 ? 0 : Math.min(...waits.map((wait) => heldUntil(run, wait, [from, until])))
  const downSince = after.w ?? 0
  return downSince >= held && at >= held
    ? []
    : [`${id} goes down as of ${downSince} at ${at}, though no ping was taken until ${until}`]
}

/** Its deadline, where the outage is not known or has nothing to do with it. */
function heldUntil(
  run: Run,
  { deadline, since }: Wait,
  [from, until]: readonly [number, number],
): number {
  if (from >= deadline || until <= since || !isNoticed(run, [from, until], deadline))
    return deadline
  return Math.min(deadline + until - Math.max(from, since), deadline + longestHoldMs(run))
}

function isNoticed(
  { deployment }: Run,
  [from, until]: readonly [number, number],
  deadline: number,
): boolean {
  const { startedAt } = deployment.sweeps
  const isJudged = startedAt.some(
    (at) => at + AHEAD_MS > deadline && Math.max(at, deadline) + JUDGED_MS < until,
  )
  return isJudged || startedAt.some((at) => at > from && at + CANARY_MS < Math.min(until, deadline))
}
