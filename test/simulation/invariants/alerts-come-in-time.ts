import { CheckChannels, outsidersOf } from '../oracle/channels.ts'
import { plainFlipsOf, givenUpOf, tellingsOf, type ToldFlip } from '../oracle/flips.ts'
import { patientOf } from '../oracle/flapping.ts'
import { toldKey } from '../platform/sent.ts'
import { gathersAlerts } from '../settings.ts'
import type { Invariant, Run } from '../invariant.ts'

/**
 * What is promised where a check flaps, for a digest of many checks, and for what goes singly: the
 * stream, two queues, and up to two seconds for a body.
 */
const HOUR_MS = 3_600_000
const DIGEST_MS = 60_000
const SINGLE_MS = 6_000
/** From when a flip happens to when it is looked at, while nothing fails. */
const LOOK_MS = 10_000
/** What faults leave behind: leases, backoff of streams. */
const AFTERMATH_MS = 5 * 60_000

/**
 * While nothing of AWS fails, whoever is told by mail is told within seconds, or within a minute
 * where alerts are gathered, or within the hour where a check flaps; whatever webhooks do, and
 * channels that can't be read.
 */
export const alertsComeInTime: Invariant = {
  name: 'alerts come in time',
  find(run) {
    const channels = new CheckChannels(run)
    const tellings = tellingsOf(run)
    const excused = new Set([...givenUpOf(run).map(({ key }) => key)])
    const outsiders = outsidersOf(run)
    const longestMs = gathersAlerts(run.settings) ? DIGEST_MS : SINGLE_MS
    const flips = plainFlipsOf(run)
    const patient = patientOf(flips, calmFrom(run) === run.startAt ? LOOK_MS : Infinity)
    // An alert with a channel that can't be read comes again, and may find that its check flaps by
    // then.
    const flapping = new Set([...patient].map(({ checkId }) => checkId))
    const isTriedAgain = ({ checkId }: ToldFlip) =>
      run.oddity !== undefined && flapping.has(checkId)
    const calm = flips.filter(({ happenedAt }) => happenedAt >= calmFrom(run))
    return calm.flatMap((flip) => {
      const mostMs = patient.has(flip) || isTriedAgain(flip) ? HOUR_MS : longestMs
      const mailed = channels
        .steadySince(flip.checkId, flip.happenedAt)
        .filter((channel) => !outsiders.has(channel) && channel !== run.oddity?.channel)
      return mailed.flatMap((channel) => {
        const key = toldKey(flip, channel)
        const first = (tellings.get(key) ?? []).reduce(
          (least, { at }) => Math.min(least, at),
          Infinity,
        )
        const waitMs = first - flip.happenedAt
        return waitMs <= mostMs || excused.has(key)
          ? []
          : [`flip ${key} is told after ${waitMs} ms`]
      })
    })
  },
}

function calmFrom({ world, startAt, endAt }: Run): number {
  const { areNone, noAlerts } = world.faults
  return areNone && noAlerts[1] === 0 ? startAt : endAt + AFTERMATH_MS
}
