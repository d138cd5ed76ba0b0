import type { Invariant, Run } from '../invariant.ts'
import { isCalm } from '../oracle/calm.ts'
import { flipsOf, givenUpOf } from '../oracle/flips.ts'
import { ruledChecks } from '../oracle/history.ts'
import { outagesOf, toldOf } from '../oracle/outages.ts'

/**
 * While nothing fails, a recovery is told to exactly those who were told of the outage: not to
 * those from whom it was held, nor to those whose turn had not come.
 */
export const upGoesToThoseTold: Invariant = {
  name: 'up goes to those told',
  find: (run) => (isCalm(run) ? [...ruledChecks(run)].flatMap((id) => unequal(run, id)) : []),
}

function unequal(run: Run, id: string): readonly string[] {
  // A channel that could not be read when its turn came hears of the end alone.
  const told = toldOf(run, id).filter(({ channel }) => channel !== run.oddity?.channel)
  const givenUp = new Set(givenUpOf(run).map(({ key }) => key))
  const ups = flipsOf(run).filter(({ checkId, status }) => checkId === id && status === 'up')
  return outagesOf(run, id).flatMap((outage) => {
    const up = ups.find(({ happenedAt }) => happenedAt === outage.endedAt)
    if (!outage.recovered || up === undefined) return []
    const downTo = channelsOf(
      told.filter(({ status, flipAt }) => status === 'down' && flipAt === outage.at),
    )
    const upTo = channelsOf(
      told.filter(
        ({ status, flipAt, count }) => status === 'up' && flipAt === up.at && count === up.count,
      ),
    )
    const isGivenUp = [...givenUp].some((key) => key.startsWith(id))
    return isGivenUp || downTo === upTo
      ? []
      : [`${id}, down at ${outage.at}, is told to ${downTo}, and up to ${upTo}`]
  })
}

function channelsOf(told: readonly { readonly channel: string }[]): string {
  return [...new Set(told.map(({ channel }) => channel))].sort().join(', ')
}
