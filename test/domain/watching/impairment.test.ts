import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deadlineOf, missOf } from '../../../lambdas/domain/watching/deadline.ts'
import { statusAt } from '../../../lambdas/domain/watching/status-at.ts'
import {
  type Impairment,
  type Interval,
  lastImpaired,
  putOff,
  unimpaired,
} from '../../../lambdas/domain/watching/impairment.ts'
import { aHeartbeat, hour, minute, start } from '../../support/builders.ts'

const since = start
const deadline = start + hour
const hold = 15 * minute

function impaired(...intervals: readonly (readonly [from: number, to?: number])[]): Impairment {
  const made = intervals.map(([from, to]) => ({
    startedAt: start + from * minute,
    ...(to === undefined ? {} : { endedAt: start + to * minute }),
  }))
  return { intervals: made, longestHoldMs: hold }
}

describe('a deadline', () => {
  it.each<[string, Impairment, number]>([
    ['stays where pings could be taken all along', impaired(), 60],
    ['is put off by the length of an interval before it', impaired([20, 26]), 66],
    ['is put off by the whole length of an interval that it falls into', impaired([58, 67]), 69],
    ['is put off by each of several', impaired([20, 23], [58, 60]), 65],
    ['is put off by an interval that another one moves it into', impaired([50, 55], [62, 66]), 69],
    ['stays for an interval that begins at the deadline', impaired([60, 70]), 60],
    ['stays for an interval that was over before the ping was awaited', impaired([-30, 0]), 60],
    ['is put off by what lies behind the last ping of an interval', impaired([-30, 4]), 64],
    ['is put off by the longest hold while there is no end in sight', impaired([58]), 75],
    ['is put off by the longest hold, however long it lasted', impaired([10, 50]), 75],
  ])('%s', (_, impairment, expected) => {
    expect((putOff(deadline, since, impairment) - start) / minute).toBe(expected)
  })

  const instants = fc.uniqueArray(fc.integer({ min: start - hour, max: start + 3 * hour }), {
    minLength: 0,
    maxLength: 9,
  })
  const anImpairment = fc
    .record({ instants, isOpen: fc.boolean(), longestHoldMs: fc.integer({ min: 0, max: hour }) })
    .map(toImpairment)

  it('never becomes earlier, and is never put off by more than the longest hold', () => {
    fc.assert(
      fc.property(anImpairment, (impairment) => {
        const at = putOff(deadline, since, impairment)

        expect(at).toBeGreaterThanOrEqual(deadline)
        expect(at).toBeLessThanOrEqual(deadline + impairment.longestHoldMs)
      }),
    )
  })

  it('never becomes earlier by an interval more, or by one that lasts longer', () => {
    fc.assert(
      fc.property(anImpairment, ({ intervals, longestHoldMs }) => {
        const fewer = putOff(deadline, since, { intervals: intervals.slice(0, -1), longestHoldMs })
        const shorter = putOff(deadline, since, {
          intervals: intervals.map(shortened),
          longestHoldMs,
        })
        const all = putOff(deadline, since, { intervals, longestHoldMs })

        expect(all).toBeGreaterThanOrEqual(fewer)
        expect(all).toBeGreaterThanOrEqual(shorter)
      }),
    )
  })

  it('is missed by the ping that was due, however long it was put off', () => {
    fc.assert(
      fc.property(anImpairment, (impairment) => {
        const miss = missOf(aHeartbeat({ status: 'up', lastPingAt: start }), impairment)

        expect(miss).toEqual({
          at: putOff(start + hour + 10 * minute, start, impairment),
          cause: { kind: 'missed', dueAt: start + hour },
        })
      }),
    )
  })

  it('of a heartbeat says the same as its status, also while a run is under way', () => {
    const startedAt = fc.option(fc.integer({ min: start, max: start + 2 * hour }))
    fc.assert(
      fc.property(
        anImpairment,
        startedAt,
        fc.integer({ min: -5, max: 5 }),
        (impairment, begun, off) => {
          const running = begun === null ? {} : { running: { startedAt: begun } }
          const heartbeat = aHeartbeat({ status: 'up', lastPingAt: start, ...running })
          const at = deadlineOf(heartbeat, impairment) ?? NaN

          expect(at).toBeGreaterThanOrEqual(deadlineOf(heartbeat) ?? NaN)
          expect(statusAt(heartbeat, at + off, impairment) === 'down').toBe(off >= 0)
        },
      ),
    )
  })

  it('is the same with no impairment as without the argument', () => {
    const heartbeat = aHeartbeat({
      status: 'up',
      lastPingAt: start,
      running: { startedAt: start + 50 * minute },
    })

    expect(deadlineOf(heartbeat, unimpaired)).toBe(deadlineOf(heartbeat))
    expect(deadlineOf(heartbeat, impaired())).toBe(start + hour)
  })
})

describe('the last impairment', () => {
  it('is one between the two instants', () => {
    const impairment = impaired([1, 2], [5, 6], [60, 70])

    expect(lastImpaired(impairment, start, deadline)).toEqual({
      startedAt: start + 5 * minute,
      endedAt: start + 6 * minute,
    })
    expect(lastImpaired(impairment, start + 6 * minute, deadline)).toBeUndefined()
  })
})

function toImpairment({
  instants,
  isOpen,
  longestHoldMs,
}: {
  instants: number[]
  isOpen: boolean
  longestHoldMs: number
}): Impairment {
  const sorted = instants.toSorted((one, other) => one - other)
  const intervals: Interval[] = []
  for (let index = 0; index + 1 < sorted.length; index += 2)
    intervals.push({ startedAt: sorted[index] ?? 0, endedAt: sorted[index + 1] ?? 0 })
  const last = sorted.at(-1)
  if (isOpen && last !== undefined && sorted.length % 2 === 1) intervals.push({ startedAt: last })
  return { intervals, longestHoldMs }
}

function shortened({ startedAt, endedAt }: Interval): Interval {
  return endedAt === undefined
    ? { startedAt, endedAt: startedAt + minute }
    : { startedAt, endedAt: Math.floor((startedAt + endedAt) / 2) }
}
