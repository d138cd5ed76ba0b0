import type { Run } from '../invariant.ts'
import { tellingsOf } from './flips.ts'
import { type Change, changesByCheck } from './history.ts'

/** A time in which a check was down. */
export type Outage = {
  readonly checkId: string
  /** What it is dated with, and how many pings there were before. */
  readonly at: number
  readonly count: number
  /** When it was written down, and when that it is over; infinity if it never was. */
  readonly writtenAt: number
  readonly endedAt: number
  /** Whether a success ended it. */
  readonly recovered: boolean
}

export function outagesOf(run: Run, checkId: string): readonly Outage[] {
  const flips = (changesByCheck(run).get(checkId) ?? []).filter(
    ({ before, after }) => (after?.s === 'down') !== (before?.s === 'down'),
  )
  return flips.flatMap(({ at: writtenAt, after }, index): readonly Outage[] => {
    if (after?.s !== 'down') return []
    const end: Change | undefined = flips[index + 1]
    return [
      {
        checkId,
        at: after.w ?? 0,
        count: after.W ?? 0,
        writtenAt,
        endedAt: end?.at ?? Infinity,
        recovered: end?.after?.s === 'up',
      },
    ]
  })
}

/** Something that one channel was told of a check: when, and for the how many-th time. */
export type ToldOnce = {
  readonly key: string
  readonly status: 'down' | 'up'
  readonly telling: number
  readonly flipAt: number
  readonly count: number
  readonly channel: string
  readonly at: number
}

/** All that was told of a check. */
export function toldOf(run: Run, checkId: string): readonly ToldOnce[] {
  return [...tellingsOf(run)].flatMap(([key, sent]) => {
    const [id, what = '', count, flipAt, channel = ''] = key.split(' ')
    const [status, telling = '0'] = what.split('+')
    if (id !== checkId) return []
    return sent.map(({ at }) => ({
      key,
      status: status === 'down' ? ('down' as const) : ('up' as const),
      telling: Number(telling),
      flipAt: Number(flipAt),
      count: Number(count),
      channel,
      at,
    }))
  })
}
