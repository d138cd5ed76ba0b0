import { CheckChannels } from '../oracle/channels.ts'
import { flipsOf } from '../oracle/flips.ts'
import { changesOf } from '../oracle/history.ts'
import { oddCheck, oddHeartbeat, strays } from '../workload/odd-items.ts'
import type { Oddity } from '../workload/oddity.ts'
import type { Invariant, Run } from '../invariant.ts'

/** From a flip to its attempts. */
const ATTEMPT_MS = 2 * 60_000

/**
 * An item that can't be read is named, and the daily comparison puts right all others and fails.
 * That everybody else is told is `alerts come in time`, and once all is mended nothing is lost:
 * invariants 5 and 7.
 */
export const oddItemsStopNothing: Invariant = {
  name: 'odd items stop nothing',
  find(run) {
    const { oddity } = run
    if (oddity === undefined) return []
    const unnamed = [oddHeartbeat, oddCheck, ...readOf(run, oddity)].filter(
      (item) => ![...oddity.named].some((named) => named.startsWith(item)),
    )
    const removed = new Set(
      changesOf(run).flatMap(({ id, at, after }) =>
        after === undefined && at <= oddity.mendedAt ? [id] : [],
      ),
    )
    const left = strays.filter((id) => !removed.has(id))
    return [
      ...unnamed.map((item) => `${item} can't be read, and nobody says so`),
      ...(oddity.comparison === 'failed'
        ? []
        : [`the comparison meets odd items, and is ${oddity.comparison}`]),
      ...left.map((id) => `the comparison leaves ${id}, which has no check`),
    ]
  },
}

/**
 * What somebody must have tried to read by then, where nothing fails: the channel of an alert, and
 * what waits for a digest that was sent.
 */
function readOf(run: Run, { atFirst, mendedAt, channel, waitingFor }: Oddity): readonly string[] {
  const { faults } = run.world
  if (!faults.areNone || faults.noAlerts[1] > 0) return []
  const channels = new CheckChannels(run)
  const isAsked = flipsOf(run).some(
    ({ checkId, happenedAt: at }) =>
      at > atFirst + ATTEMPT_MS &&
      at < mendedAt - ATTEMPT_MS &&
      channels.steadySince(checkId, at).includes(channel),
  )
  const sentTo = (id: string) =>
    run.deployment.mail.sent.some(
      ({ at, tells }) =>
        at > atFirst + ATTEMPT_MS &&
        at < mendedAt &&
        tells.length > 1 &&
        tells.every((key) => key.endsWith(` ${id}`)),
    )
  return [...(isAsked ? [channel] : []), ...waitingFor.filter(sentTo).map((id) => `${id} `)]
}
