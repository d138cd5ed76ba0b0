import { describe, expect, it } from 'vitest'
import { gapUpTo } from '../../../lambdas/domain/schedule/short-gap.ts'
import { parseSchedule } from '../../../lambdas/domain/schedule/schedule.ts'
import { start } from '../../support/builders.ts'

function gap(expression: string, seconds: number, timeZone = 'UTC'): number | undefined {
  const schedule = parseSchedule(expression) ?? expect.unreachable()
  const found = gapUpTo(seconds * 1000, { schedule, timeZone, now: start })
  return found === undefined ? undefined : found / 1000
}

describe('the shortest time between two runs', () => {
  it.each([
    ['0 * * * *', 3599, undefined],
    ['0 * * * *', 3600, 3600],
    ['0 3,4 * * *', 3600, 3600],
    ['0 3,4 * * *', 3599, undefined],
    ['*:0/20', 1201, 1200],
    ['0 0 1 12 *', 86_400, undefined],
    ['0 0,1 1 12 *', 3600, 3600],
    ['0 0 29 2 *', 86_400, undefined],
  ])('of %s, up to %i seconds, is %s', (expression, seconds, found) => {
    expect(gap(expression, seconds)).toBe(found)
  })

  it('is looked for at changes of the clocks', () => {
    expect(gap('0 1,4 * * *', 2 * 3600, 'UTC')).toBeUndefined()
    expect(gap('0 1,4 * * *', 2 * 3600, 'Europe/Riga')).toBe(2 * 3600)
  })

  it('takes no longer for a schedule that runs all the time', () => {
    const began = performance.now()

    expect(gap('*/2 * * * *', 119)).toBeUndefined()
    expect(performance.now() - began).toBeLessThan(5000)
  })
})
