import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deadlineOf, takeMissedDeadline, takePing } from '../../lambdas/domain/heartbeat.ts'
import type { Schedule } from '../../lambdas/domain/schedule.ts'
import { makeLook } from '../../lambdas/domain/sweep.ts'
import { aHeartbeat, aPing, hour, minute, start } from '../support/builders.ts'

const schedules: readonly Schedule[] = [
  { kind: 'simple', periodSeconds: 300 },
  { kind: 'cron', expression: '*/5 * * * *' },
  { kind: 'cron', expression: '30 3 * * *' },
  { kind: 'oncalendar', expression: '*:0/10' },
]

describe('the look of a sweep', () => {
  it('finds exactly the deadlines up to its horizon', () => {
    const some = fc.record({
      schedule: fc.constantFrom(...schedules),
      timeZone: fc.constantFrom('UTC', 'Europe/Riga'),
      graceSeconds: fc.constantFrom(60, 600),
      status: fc.constantFrom('new' as const, 'up' as const, 'down' as const, 'paused' as const),
      lastPingAt: fc.integer({ min: start, max: start + 24 * hour }),
    })
    const run = fc.option(fc.integer({ min: start, max: start + 24 * hour }))

    fc.assert(
      fc.property(some, run, fc.integer({ min: start, max: start + 24 * hour }), (fields, startedAt, horizon) => {
        const heartbeat = aHeartbeat({ ...fields, ...(startedAt === null ? {} : { running: { startedAt } }) })
        const deadline = deadlineOf(heartbeat)

        const found = makeLook(horizon, horizon)(heartbeat).deadline

        expect(found).toBe(deadline !== undefined && deadline <= horizon ? deadline : undefined)
      }),
    )
  })

  it('finds since when a flip waits that nobody took, once two minutes have gone by since it was noted', () => {
    const notedAt = start + 2 * hour
    const down = takeMissedDeadline(aHeartbeat({ status: 'up', lastPingAt: start }), start + hour, notedAt)

    expect(makeLook(notedAt + 2 * minute - 1, start)(down)).toEqual({})
    expect(makeLook(notedAt + 2 * minute, start)(down)).toEqual({ untoldSince: notedAt })
  })

  it('counts from the ping that a later flip is of', () => {
    const failed = takePing(aHeartbeat({ status: 'up', notedAt: start }), aPing({ signal: 'fail', at: start + hour }))

    expect(makeLook(start + 2 * hour, start)(failed)).toEqual({ untoldSince: start + hour })
  })
})
