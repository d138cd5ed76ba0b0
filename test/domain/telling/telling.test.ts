import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { occasionOf, tellingKey, toldChangeOf } from '../../../lambdas/domain/telling/telling.ts'
import { flipKey } from '../../../lambdas/domain/watching/flip.ts'
import { aFlip } from '../../support/alerts.ts'

const aChange = fc.record({
  at: fc.integer({ min: 0, max: 2 ** 43 }),
  count: fc.integer({ min: 0, max: 1_000_000 }),
  status: fc.constantFrom('down' as const, 'up' as const),
})
const aNumber = fc.integer({ min: 1, max: 999_999 })

describe('the key of a telling', () => {
  it('is that of its flip the first time', () => {
    expect(tellingKey(aFlip())).toBe(flipKey(aFlip()))
    expect(tellingKey(aFlip(), 0)).toBe(flipKey(aFlip()))
  })

  it('stands for its flip and its number', () => {
    fc.assert(
      fc.property(aChange, aNumber, (change, telling) => {
        expect(toldChangeOf(tellingKey(change, telling))).toEqual({ change, telling })
        expect(toldChangeOf(tellingKey(change))).toEqual({ change })
      }),
    )
  })

  it('sorts by number, behind its flip and before the recovery', () => {
    fc.assert(
      fc.property(aChange, aNumber, aNumber, ({ at, count }, one, other) => {
        const down = { at, count, status: 'down' } as const
        const keys = [Math.max(one, other), Math.min(one, other), 0].map((n) => tellingKey(down, n))

        const sorted = [flipKey({ ...down, status: 'up' }), ...keys].sort()

        expect(sorted).toEqual([...keys.reverse(), flipKey({ ...down, status: 'up' })])
      }),
    )
  })
})

describe('the occasion of a telling', () => {
  it.each([
    ['down', undefined, 'down'],
    ['down', 0, 'down'],
    ['down', 1, 'still-down'],
    ['up', undefined, 'up'],
  ] as const)('of a flip to %s, number %s, is %s', (status, telling, expected) => {
    const told = telling === undefined ? {} : { telling }

    expect(occasionOf({ flip: aFlip({ status }), ...told })).toBe(expected)
  })
})
