import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  flipBetween,
  flipKey,
  isAlert,
  statusChangeOf,
  unacknowledgedFlip,
} from '../../../lambdas/domain/watching/flip.ts'
import { type Heartbeat, statuses } from '../../../lambdas/domain/watching/heartbeat.ts'
import { pause, resume } from '../../../lambdas/domain/watching/pause.ts'
import { afterMiss } from '../../../lambdas/domain/watching/after-miss.ts'
import { afterPing } from '../../../lambdas/domain/watching/after-ping.ts'
import { aHeartbeat, aMiss, aPing, hour, minute, start } from '../../support/builders.ts'

const up = aHeartbeat({
  status: 'up',
  lastPingAt: start,
  since: { at: start, count: 0 },
  pingCount: 1,
})
const down = afterMiss(up, aMiss(start + minute), start + minute)

describe('a flip', () => {
  it('by a missed deadline is dated with the deadline', () => {
    expect(flipBetween(up, down)).toEqual({
      checkId: up.id,
      at: start + minute,
      count: 1,
      status: 'down',
      from: 'up',
      reason: 'timeout',
    })
  })

  it('by a fail is dated with the ping', () => {
    const failed = afterPing(up, aPing({ signal: 'fail', at: start + 5, requestId: 'fail' }))

    expect(flipBetween(up, failed)).toMatchObject({
      at: start + 5,
      count: 1,
      status: 'down',
      reason: 'fail',
    })
  })

  it('back up tells since when the check was down', () => {
    const back = afterPing(down, aPing({ at: start + 5 * minute, requestId: 'back' }))

    expect(flipBetween(down, back)).toMatchObject({
      at: start + 5 * minute,
      status: 'up',
      from: 'down',
      downSinceAt: start + minute,
      reason: '',
    })
  })

  it('back up is never dated before the way down, however long its ping was on its way', () => {
    const back = afterPing(
      { ...down, lastPingAt: start },
      aPing({ at: start + minute - 1, requestId: 'slow' }),
    )

    expect(flipBetween(down, back)).toMatchObject({
      at: start + minute,
      downSinceAt: start + minute,
    })
  })

  it('does not lie between two images of one status', () => {
    expect(
      flipBetween(up, afterPing(up, aPing({ at: start + 5, requestId: 'more' }))),
    ).toBeUndefined()
  })

  it.each([
    ['new', 'up', false],
    ['paused', 'up', false],
    ['down', 'up', true],
    ['new', 'down', true],
    ['up', 'down', true],
    ['paused', 'down', true],
    ['up', 'paused', false],
    ['paused', 'new', false],
  ] as const)('from %s to %s alerts: %s', (from, status, alerts) => {
    expect(isAlert({ checkId: 'x', at: 0, count: 0, status, from, reason: '' })).toBe(alerts)
  })

  it('has a key that sorts by time and then by count', () => {
    const later = fc.record({ at: fc.nat(), count: fc.nat() })

    fc.assert(
      fc.property(later, later, (a, b) => {
        const isEarlier = a.at < b.at || (a.at === b.at && a.count < b.count)
        expect(flipKey({ ...a, status: 'up' }) < flipKey({ ...b, status: 'up' })).toBe(isEarlier)
      }),
    )
  })

  it('can be told from its key', () => {
    const change = fc.record({
      at: fc.nat(),
      count: fc.nat(),
      status: fc.constantFrom(...statuses),
    })

    fc.assert(
      fc.property(change, (each) => {
        expect(statusChangeOf(flipKey(each))).toEqual(each)
      }),
    )
    expect(() => statusChangeOf('1#2#odd')).toThrow(
      "a flip's key must end in a status, got 1#2#odd",
    )
  })
})

describe('an unacknowledged flip', () => {
  const told = (heartbeat: Heartbeat): Heartbeat => ({
    ...heartbeat,
    acknowledged: { ...sinceOf(heartbeat), status: heartbeat.status },
  })
  const sinceOf = ({
    since = { at: 0, count: 0 },
  }: Heartbeat): { readonly at: number; readonly count: number } => since
  const back = (heartbeat: Heartbeat): Heartbeat =>
    afterPing(heartbeat, aPing({ at: start + 5 * minute, requestId: 'back' }))

  it('is the one the images showed, so that it is told once', () => {
    const failed = afterPing(up, aPing({ signal: 'fail', at: start + 5, requestId: 'fail' }))

    for (const after of [down, failed])
      expect(unacknowledgedFlip(after)).toEqual(flipBetween(up, after))
    expect(unacknowledgedFlip(back(told(down)))).toEqual(flipBetween(down, back(down)))
  })

  it('of a missed deadline stays one, whatever start or log comes after it', () => {
    const later = (signal: 'start' | 'log') =>
      afterPing(down, aPing({ signal, at: start + hour, requestId: 'later' }))

    for (const signal of ['start', 'log'] as const)
      expect(unacknowledgedFlip(later(signal))).toEqual(flipBetween(up, down))
  })

  it('is gone once it is acknowledged', () => {
    expect(unacknowledgedFlip(told(down))).toBeUndefined()
    expect(unacknowledgedFlip(told(back(told(down))))).toBeUndefined()
  })

  it.each([
    ['a check that was never down', up],
    ['a new check', aHeartbeat()],
    [
      'a check that was down, paused, resumed and pinged',
      back(resume(pause(told(down), start + 2 * minute), start + 3 * minute) ?? down),
    ],
  ])('does not exist on %s', (_, heartbeat) => {
    expect(unacknowledgedFlip(heartbeat)).toBeUndefined()
  })
})
