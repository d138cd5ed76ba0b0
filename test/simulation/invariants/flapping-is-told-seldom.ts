import { promptAlerts } from '../../../lambdas/domain/telling/pace.ts'
import type { Invariant, Run } from '../invariant.ts'
import { isCalm } from '../oracle/calm.ts'
import { outsidersOf, programsOf } from '../oracle/channels.ts'
import { tellingsOf } from '../oracle/flips.ts'
import type { Sent } from '../platform/sent.ts'

/** What waits in a storm of alerts is up to a minute nearer to what comes after it. */
const HOUR_MS = 59 * 60_000

/**
 * While nothing fails, nobody is told of a check, by mail or in a chat, more often in an hour than
 * of three outages, and once for all that comes beyond them. What a chat was told late because its
 * host failed is nearer to what comes next.
 */
export const flappingIsToldSeldom: Invariant = {
  name: 'flapping is told seldom',
  find(run) {
    if (!isCalm(run)) return []
    const late = run.world.faults.noWebhooks[1] > 0 ? outsidersOf(run) : new Set()
    const inTime = [...mailsOf(run)].filter(([of]) => !late.has(of.split(' ')[1]))
    return inTime.flatMap(([of, mails]) =>
      mails.flatMap(({ at }, index) => {
        const spanMs = at - (mails[index - promptAlerts - 1]?.at ?? -Infinity)
        return spanMs >= HOUR_MS ? [] : [`${of} has ${promptAlerts + 2} mails within ${spanMs} ms`]
      }),
    )
  },
}

/**
 * The mails that told of each check's changes, by channel, in their order: one that told many of
 * its flips counts once.
 */
export function mailsOf(run: Run): ReadonlyMap<string, readonly Sent[]> {
  const programs = programsOf(run)
  const mails = new Map<string, Set<Sent>>()
  for (const [key, sent] of tellingsOf(run)) {
    const [check, status, , , channel] = key.split(' ')
    if (programs.has(channel) || status?.includes('+') === true) continue
    const known = mails.get(`${check} ${channel}`) ?? new Set()
    for (const each of sent) known.add(each)
    mails.set(`${check} ${channel}`, known)
  }
  return new Map(
    [...mails].map(([of, each]) => [of, [...each].sort((one, other) => one.at - other.at)]),
  )
}
