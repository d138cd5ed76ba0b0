import type { Invariant } from '../invariant.ts'
import { isCalm } from '../oracle/calm.ts'
import { CheckChannels } from '../oracle/channels.ts'
import { plainFlipsOf, type ToldFlip } from '../oracle/flips.ts'
import { toldKey } from '../platform/sent.ts'
import { mailsOf } from './flapping-is-told-seldom.ts'

/** Changes that follow each other this soon may be told in any order: queues have none. */
const APART_MS = 10_000

/**
 * While nothing fails, the last mail of a check tells its last change, however long others have
 * waited.
 */
export const theLastWordIsTrue: Invariant = {
  name: 'the last word is true',
  find(run) {
    if (!isCalm(run)) return []
    const mails = mailsOf(run)
    const channels = new CheckChannels(run)
    return [...Map.groupBy(plainFlipsOf(run), ({ checkId }) => checkId).values()].flatMap((own) => {
      const last = lastOf(own)
      if (last === undefined) return []
      // A channel that could not be read is told all at once what waited for it.
      const told = channels
        .steadySince(last.checkId, last.happenedAt)
        .filter((channel) => channel !== run.oddity?.channel)
      return told.flatMap((channel) => {
        const mail = mails.get(`${last.checkId} ${channel}`)?.at(-1)
        return mail?.tells.includes(toldKey(last, channel)) !== false
          ? []
          : [`${channel} is told last of another change than ${toldKey(last, channel)}`]
      })
    })
  },
}

/** The last change of a check, where it came long enough after the one before. */
function lastOf(flips: readonly ToldFlip[]): ToldFlip | undefined {
  const [last, before] = flips.toSorted((one, other) => other.happenedAt - one.happenedAt)
  return last !== undefined && last.happenedAt - (before?.happenedAt ?? -Infinity) >= APART_MS
    ? last
    : undefined
}
