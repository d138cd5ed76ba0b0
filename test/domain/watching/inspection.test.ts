import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deadlineOf } from '../../../lambdas/domain/watching/deadline.ts'
import { afterMiss } from '../../../lambdas/domain/watching/after-miss.ts'
import { afterPing } from '../../../lambdas/domain/watching/after-ping.ts'
import type { Schedule } from '../../../lambdas/domain/schedule/schedule.ts'
import { makeInspection } from '../../../lambdas/domain/watching/inspection.ts'
import { aHeartbeat, aMiss, aPing, hour, minute, start } from '../../support/builders.ts'

const schedules: readonly Schedule[] = [
  { kind: 'simple', periodSeconds: 300 },
  { kind: 'cron', expression: '*/5 * * * *' },
  { kind: 'cron', expression: '30 3 * * *' },
  { kind: 'oncalendar', expression: '*:0/10' },
]

describe('the inspection of a sweep', () => {
  it('finds exactly the deadlines up to its horizon, whatever it has inspected before', () => {
    const instant = fc.integer({ min: start, max: start + 24 * hour })
    const some = fc.record(
      {
        schedule: fc.constantFrom(...schedules),
        timeZone: fc.constantFrom('UTC', 'Europe/Riga'),
        graceSeconds: fc.constantFrom(60, 600, 7200),
        status: fc.constantFrom(
          'up' as const,
          'up' as const,
          'new' as const,
          'down' as const,
          'paused' as const,
        ),
        lastPingAt: instant,
        running: instant.map((startedAt) => ({ startedAt })),
      },
      { requiredKeys: ['schedule', 'timeZone', 'graceSeconds', 'status', 'lastPingAt'] },
    )

    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 40 }), instant, (many, horizon) => {
        const heartbeats = many.map((fields) => aHeartbeat(fields))
        const deadlines = heartbeats.map((heartbeat) => deadlineOf(heartbeat) ?? Infinity)
        const inspect = makeInspection(horizon, horizon)

        const found = heartbeats.map((heartbeat) => inspect(heartbeat).deadline)

        expect(found).toEqual(
          deadlines.map((deadline) => (deadline <= horizon ? deadline : undefined)),
        )
      }),
    )
  })

  it.each(schedules)(
    'finds a deadline that lies at its horizon, and none behind it: %j',
    (schedule) => {
      const heartbeat = aHeartbeat({ schedule, status: 'up', lastPingAt: start })
      const deadline = deadlineOf(heartbeat) ?? NaN

      expect(makeInspection(deadline, deadline)(heartbeat)).toEqual({ deadline })
      expect(makeInspection(deadline - 1, deadline - 1)(heartbeat)).toEqual({})
    },
  )

  it('finds since when an unacknowledged flip waits, once two minutes have gone by since it was noted', () => {
    const notedAt = start + 2 * hour
    const down = afterMiss(
      aHeartbeat({ status: 'up', lastPingAt: start }),
      aMiss(start + hour),
      notedAt,
    )

    expect(makeInspection(notedAt + 2 * minute - 1, start)(down)).toEqual({})
    expect(makeInspection(notedAt + 2 * minute, start)(down)).toEqual({
      unacknowledgedSince: notedAt,
    })
  })

  it.each([
    ['down', 0, start],
    ['down', -1, undefined],
    ['up', 0, undefined],
    ['paused', 0, undefined],
  ] as const)('finds the look at a check that is %s, %i ms behind its instant: %s', (...given) => {
    const [status, ms, lookDueAt] = given
    const heartbeat = aHeartbeat({ status, lookAt: start })

    expect(makeInspection(start + ms, start)(heartbeat).lookDueAt).toBe(lookDueAt)
  })

  it('counts from the ping that a later flip is of', () => {
    const failed = afterPing(
      aHeartbeat({ status: 'up', notedAt: start }),
      aPing({ signal: 'fail', at: start + hour }),
    )

    expect(makeInspection(start + 2 * hour, start)(failed)).toEqual({
      unacknowledgedSince: start + hour,
    })
  })
})
