import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  nextRunAt,
  nextRunBy,
  type CalendarSchedule,
} from '../../../lambdas/domain/schedule/schedule.ts'
import { makeNextRunOf } from '../../../lambdas/domain/schedule/shared-runs.ts'
import { hour, start } from '../../support/builders.ts'

const horizon = start + 48 * hour
const daily: CalendarSchedule = { kind: 'cron', expression: '30 3 * * *' }

describe('runs that pings share', () => {
  it('are evaluated once for all pings between the same two runs, if the earliest comes first, and for each zone', () => {
    let evaluations = 0
    const nextRunOf = makeNextRunOf(horizon, (...question) => {
      evaluations += 1
      return nextRunBy(...question)
    })

    for (let after = start; after < start + 24 * hour; after += 60_000)
      nextRunOf(daily, 'UTC', after)
    expect(evaluations).toBe(2)

    nextRunOf(daily, 'Europe/Riga', start)
    expect(evaluations).toBe(3)
  })

  it('are those of each ping alone, in whatever order pings come', () => {
    const schedules = ['30 3 * * *', '*/7 * * * *', '0 0 1 2 *'].map(
      (expression): CalendarSchedule => ({ kind: 'cron', expression }),
    )
    const pings = fc.array(
      fc.tuple(fc.constantFrom(...schedules), fc.integer({ min: start, max: horizon })),
      { maxLength: 60 },
    )

    fc.assert(
      fc.property(pings, (pings) => {
        const nextRunOf = makeNextRunOf(horizon)
        const alone = pings.map(
          ([schedule, after]) => nextRunAt(schedule, 'UTC', after) ?? Infinity,
        )

        const found = pings.map(([schedule, after]) => nextRunOf(schedule, 'UTC', after))

        expect(found).toEqual(alone.map((runAt) => (runAt <= horizon ? runAt : Infinity)))
      }),
    )
  })
})
