import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isGivenUp, nextLookAt, nextResendAt } from '../../../lambdas/domain/telling/resend.ts'
import { hour, minute, start } from '../../support/builders.ts'

const day = 24 * hour

describe('a flip that nobody takes', () => {
  it('is sent again at the ages of 2, 4, 8 … minutes, for a day', () => {
    const ages: number[] = []
    for (let at = nextResendAt(start, start); at !== undefined; at = nextResendAt(start, at))
      ages.push((at - start) / minute)

    expect(ages).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 1024])
  })

  it('is sent again in just one of the runs that follow on each other, whenever those are', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 3 * hour }), { minLength: 1, maxLength: 50 })

    fc.assert(
      fc.property(gaps, (some) => {
        let [before, sent] = [start, 0]
        for (const gap of some) {
          if ((nextResendAt(start, before) ?? Infinity) <= before + gap) sent += 1
          before += gap
        }

        expect(sent).toBeLessThanOrEqual(
          Math.max(0, Math.floor(Math.log2((before - start) / minute))),
        )
        expect(sent > 0).toBe(before >= start + 2 * minute)
      }),
    )
  })

  it('is looked at when that is due, and after 1, 2, 4 … minutes while it stays', () => {
    const ages: number[] = []
    let after = -Infinity
    while (ages.length < 5) {
      after = nextLookAt(start, after) ?? NaN
      ages.push((after - start) / minute)
    }

    expect(ages).toEqual([0, 1, 2, 4, 8])
  })

  it('is given up once it is a day old', () => {
    expect([isGivenUp(start, start + day), isGivenUp(start, start + day + 1)]).toEqual([
      false,
      true,
    ])
  })
})
