import { supersededError } from '../../../lambdas/domain/telling/later-change.ts'
import type { Run } from '../invariant.ts'
import { type Sent, toldKey } from '../platform/sent.ts'
import { changesOf, itemsOf, ruledChecks } from './history.ts'

/**
 * A flip that people are to be told of, taken from the images of the heartbeat; `at` is what it is
 * dated with.
 */
export type ToldFlip = {
  readonly checkId: string
  readonly status: 'down' | 'up'
  readonly count: number
  readonly at: number
  readonly happenedAt: number
}

/** Those of checks without rules: each is told as it comes. */
export function plainFlipsOf(run: Run): readonly ToldFlip[] {
  const ruled = ruledChecks(run)
  return flipsOf(run).filter(({ checkId }) => !ruled.has(checkId))
}

export function flipsOf(run: Run): readonly ToldFlip[] {
  return changesOf(run).flatMap(
    ({ id: checkId, at: happenedAt, before, after }): readonly ToldFlip[] => {
      if (before === undefined || after === undefined) return []
      if (after.s === 'down' && before.s !== 'down')
        return [{ checkId, status: 'down', count: after.W ?? 0, at: after.w ?? 0, happenedAt }]
      if (after.s !== 'up' || before.s !== 'down') return []
      return [
        {
          checkId,
          status: 'up',
          count: after.U ?? 0,
          at: Math.max(after.u ?? 0, before.w ?? 0),
          happenedAt,
        },
      ]
    },
  )
}

/**
 * What each delivery was told by, in the order in which it was sent, however long that was on its
 * way. Without what came of handing everything over again.
 */
export function tellingsOf({ deployment, settled }: Run): ReadonlyMap<string, readonly Sent[]> {
  const sent = deployment.sent
    .filter(({ at }) => at <= (settled?.at ?? Infinity))
    .sort((one, other) => sentAt(one) - sentAt(other))
  const told = sent.flatMap((each) => each.tells.map((key) => ({ key, each })))
  return new Map(
    [...Map.groupBy(told, ({ key }) => key)].map(([key, list]) => [
      key,
      list.map(({ each }) => each),
    ]),
  )
}

/** Of checks without rules. */
export function plainTellingsOf(run: Run): ReadonlyMap<string, readonly Sent[]> {
  const ruled = ruledChecks(run)
  return new Map([...tellingsOf(run)].filter(([key]) => !ruled.has(key.split(' ')[0] ?? '')))
}

function sentAt({ at, by }: Sent): number {
  return by.calls.find(({ service }) => service === 'ses' || service === 'internet')?.at ?? at
}

/** A delivery that its check's log shows as failed, and the last it says of that. */
export type GivenUp = { readonly key: string; readonly at: number; readonly isSuperseded: boolean }

/** Without tests of channels, which are of no check, and are not tried again. */
export function givenUpOf(run: Run): readonly GivenUp[] {
  const checks = new Set(changesOf(run).map(({ id }) => id))
  return itemsOf(run, 'Journal').flatMap(({ check, entry, state, failures }) => {
    const key = deliveryIn(String(check), String(entry))
    if (key === undefined || state !== 'failed' || !checks.has(String(check))) return []
    const { at, error } = (
      failures as readonly { readonly at: number; readonly error: string }[]
    ).at(-1) ?? { at: 0, error: '' }
    return [{ key, at, isSuperseded: error === supersededError }]
  })
}

/** The delivery that an entry of the journal is about, as the oracle names it. */
export function deliveryIn(checkId: string, entry: string): string | undefined {
  const [kind, at, count, what = '', channel = ''] = entry.split('#')
  const [status, telling] = what.split('+')
  if (kind !== 'delivery' || (status !== 'down' && status !== 'up')) return undefined
  const flip = { checkId, status, count: Number(count), at: Number(at) } as const
  return toldKey(flip, channel, Number(telling ?? 0))
}
