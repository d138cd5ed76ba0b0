import type { Invariant, Run } from '../invariant.ts'
import { isSwept } from '../oracle/calm.ts'
import { CheckChannels, outsidersOf } from '../oracle/channels.ts'
import { givenUpOf, tellingsOf } from '../oracle/flips.ts'
import { flappingChecks } from '../oracle/flapping.ts'
import { ruledChecks } from '../oracle/history.ts'
import { freeFrom, holdsOf } from '../oracle/holds.ts'
import { type Outage, outagesOf } from '../oracle/outages.ts'
import { toldKey } from '../platform/sent.ts'

/** Two runs of the sweep, and the way of an alert, for its digest as well. */
const LOOK_MS = 4 * 60_000

/**
 * Who is down and not held is told: as soon as a hold is over, if the check is down by then. Judged
 * where nothing fails, and of what is down in the end everywhere.
 */
export const heldIsToldAfterwards: Invariant = {
  name: 'held is told afterwards',
  find: (run) => {
    const known = new Set([...tellingsOf(run).keys(), ...givenUpOf(run).map(({ key }) => key)])
    const channels = new CheckChannels(run)
    const outsiders = outsidersOf(run)
    const flapping = flappingChecks(run)
    return [...ruledChecks(run)].flatMap((id) =>
      outagesOf(run, id)
        .filter((outage) => isOwed(run, outage, flapping.has(id)))
        .flatMap((outage) =>
          channels
            .steadySince(id, outage.writtenAt)
            .filter((channel) => !outsiders.has(channel))
            .map((channel) => toldKey({ ...outage, status: 'down' }, channel))
            .filter((key) => !known.has(key))
            .map((key) => `${key} is not told, though nothing holds it`),
        ),
    )
  },
}

function isOwed(run: Run, outage: Outage, flaps: boolean): boolean {
  const { all } = holdsOf(run, outage.checkId)
  const lastLook = run.deployment.sweeps.lastStartAt
  if (outage.endedAt === Infinity)
    return freeFrom(all, [lastLook - LOOK_MS, lastLook], LOOK_MS) !== undefined
  const until = Math.min(outage.endedAt, run.endAt)
  return isSwept(run) && !flaps && freeFrom(all, [outage.writtenAt, until], LOOK_MS) !== undefined
}
