import type { Invariant, Run } from '../invariant.ts'
import { isSwept } from '../oracle/calm.ts'
import { CheckChannels, outsidersOf } from '../oracle/channels.ts'
import { givenUpOf } from '../oracle/flips.ts'
import { flappingChecks } from '../oracle/flapping.ts'
import { ruledChecks } from '../oracle/history.ts'
import { freeFrom, holdsOf } from '../oracle/holds.ts'
import { outagesOf, toldOf, type ToldOnce } from '../oracle/outages.ts'
import { toldBy } from '../oracle/rules.ts'
import { toldKey } from '../platform/sent.ts'

const MINUTE_MS = 60_000
/** Two runs of the sweep, and the way of an alert, for its digest as well. */
const LATE_MS = 4 * MINUTE_MS

/**
 * A check that stays down is told again each time its interval has passed: never early, and, while
 * nothing fails or holds, each time.
 */
export const repeatsComeOnceAndInTime: Invariant = {
  name: 'repeats come once and in time',
  find: (run) =>
    [...ruledChecks(run)].flatMap((id) => {
      const { repeatSeconds } = toldBy(run, id)
      const again = toldOf(run, id).filter(({ telling }) => telling > 0)
      const everyMs = (repeatSeconds ?? Infinity) * 1000
      return [...again.flatMap((told) => early(run, told, everyMs)), ...missing(run, id, everyMs)]
    }),
}

function early({ world }: Run, { key, telling, flipAt, at }: ToldOnce, everyMs: number) {
  return at + 2 * world.faults.maxSkewMs >= flipAt + telling * everyMs
    ? []
    : [`${key} is told at ${at}, ${everyMs} ms apart`]
}

function missing(run: Run, id: string, everyMs: number): readonly string[] {
  if (!isSwept(run) || everyMs === Infinity || flappingChecks(run).has(id)) return []
  const known = new Set([
    ...toldOf(run, id).map(({ key }) => key),
    ...givenUpOf(run).map(({ key }) => key),
  ])
  const outsiders = outsidersOf(run)
  const channels = new CheckChannels(run)
  return outagesOf(run, id).flatMap((outage) => {
    const until = Math.min(outage.endedAt, run.endAt)
    const lastedMs = until - outage.at
    const isFree = freeFrom(holdsOf(run, id).all, [outage.at, until], lastedMs) === outage.at
    const due = isFree ? Math.floor((lastedMs - LATE_MS) / everyMs) : 0
    const wanted = Array.from({ length: Math.max(0, due) }, (_, index) => index + 1)
    return channels
      .steadySince(id, outage.writtenAt)
      .filter((channel) => !outsiders.has(channel))
      .flatMap((channel) =>
        wanted.map((telling) => toldKey({ ...outage, status: 'down' }, channel, telling)),
      )
      .filter((key) => !known.has(key))
      .map((key) => `${key} is not told`)
  })
}
