import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  areMany,
  isTooMuch,
  type Losses,
  lossesWithinAnHour,
  noLosses,
  withLoss,
} from '../../../lambdas/domain/mirroring/losses.ts'
import { hour, minute, start } from '../../support/builders.ts'

function lossesOf(count: number, at = start): Losses {
  return Array.from({ length: count }).reduce<Losses>((all) => withLoss(all, at), noLosses)
}

describe('checks that go', () => {
  it.each([
    { gone: 0, going: 20, left: 20, is: false, why: 'twenty may always go' },
    { gone: 0, going: 21, left: 21, is: true, why: 'all of more than twenty' },
    { gone: 0, going: 21, left: 42, is: false, why: 'half' },
    { gone: 0, going: 21, left: 41, is: true, why: 'one more than half' },
    { gone: 20, going: 1, left: 20, is: true, why: 'what went before counts' },
    { gone: 20, going: 1, left: 22, is: false, why: 'what went before counts, to the half' },
    { gone: 5000, going: 0, left: 5000, is: false, why: 'nothing goes' },
  ])('are too many: $why ($gone gone, $going of $left go) is $is', ({ gone, going, left, is }) => {
    expect(isTooMuch(lossesOf(gone), { going, left, now: start })).toBe(is)
  })

  it('count for an hour', () => {
    const losses = lossesOf(7)

    expect(lossesWithinAnHour(losses, start + hour - minute)).toBe(7)
    expect(lossesWithinAnHour(losses, start + hour)).toBe(0)
  })

  it('are kept in few items, however long it goes on', () => {
    const losses = Array.from({ length: 5000 }).reduce<Losses>(
      (all, _, index) => withLoss(all, start + index * 20_000),
      noLosses,
    )

    expect(Object.keys(losses).length).toBeLessThanOrEqual(60)
  })

  it('never come to more than half and twenty, if each is judged', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 80 }),
        (count, minutes) => {
          let [losses, left] = [noLosses, count]
          let now = start
          for (const wait of minutes) {
            now += wait * 1000
            if (left === 0 || isTooMuch(losses, { going: 1, left, now })) continue
            losses = withLoss(losses, now)
            left -= 1
          }
          const gone = lossesWithinAnHour(losses, now)

          expect(gone <= 20 || gone * 2 <= gone + left).toBe(true)
          expect(areMany(losses, { going: 0, now })).toBe(gone > 20)
        },
      ),
    )
  })
})
