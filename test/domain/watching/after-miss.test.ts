import { describe, expect, it } from 'vitest'
import { afterMiss } from '../../../lambdas/domain/watching/after-miss.ts'
import { deadlineOf } from '../../../lambdas/domain/watching/deadline.ts'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import { aHeartbeat, aMiss, anUpHeartbeat, hour, minute, start } from '../../support/builders.ts'

const deadline = start + 70 * minute

describe('a missed run', () => {
  it('brings the check down as of the deadline and leaves the rest alone', () => {
    const heartbeat = anUpHeartbeat({ running: { startedAt: start } })

    const missed = afterMiss(heartbeat, aMiss(start + hour), start + hour + 3000)

    expect(missed).toEqual({
      ...heartbeat,
      status: 'down',
      since: { ...aMiss(start + hour), count: 1 },
      notedAt: start + hour + 3000,
    })
    expect(afterMiss(missed, aMiss(start + hour), start + 2 * hour)).toBe(missed)
  })
})

describe('a miss that a check tolerates', () => {
  const tolerant = (fields: Partial<Heartbeat> = {}) =>
    anUpHeartbeat({ rules: { failures: { count: 2, of: 3 } }, ...fields })

  it('is noted, and the next run is expected as if it had been on time', () => {
    const heartbeat = tolerant()

    const noted = afterMiss(heartbeat, aMiss(deadline), deadline + 1000)

    expect(noted).toEqual({
      ...heartbeat,
      results: [{ at: deadline, kind: 'missed' }],
      awaitedAfter: start + hour,
    })
    expect(deadlineOf(noted)).toBe(deadline + hour)
  })

  it('lets the calendar go on from the run that was missed', () => {
    const schedule = { kind: 'cron', expression: '0 * * * *' } as const
    const noted = afterMiss(tolerant({ schedule }), aMiss(deadline), deadline)

    expect(deadlineOf(noted)).toBe(deadline + hour)
  })

  it('of a run that did not end counts from its limit, and forgets its start', () => {
    const running = { startedAt: start + minute }
    const cause = { kind: 'unfinished', startedAt: start + minute, limitSeconds: 600 } as const

    const noted = afterMiss(tolerant({ running }), { at: start + 11 * minute, cause }, deadline)

    expect(noted).toMatchObject({
      status: 'up',
      results: [{ at: start + 11 * minute, kind: 'unfinished' }],
      awaitedAfter: start + 11 * minute,
    })
    expect(noted.running).toBeUndefined()
    expect(deadlineOf(noted)).toBe(start + 81 * minute)
  })

  it.each([
    [70, undefined],
    [70.01, { startedAt: start + 70.01 * minute }],
  ])('forgets a run under way that started by then: at minute %i', (minutes, left) => {
    const running = { startedAt: start + minutes * minute }

    expect(afterMiss(tolerant({ running }), aMiss(deadline), deadline).running).toEqual(left)
  })

  it('brings a new check up, and it is expected to run from then on', () => {
    const { rules } = tolerant()
    const cause = { kind: 'unfinished', startedAt: start, limitSeconds: 600 } as const
    const unfinished = aHeartbeat({ ...(rules ? { rules } : {}), running: { startedAt: start } })

    const noted = afterMiss(unfinished, { at: start + 10 * minute, cause }, start + 11 * minute)

    expect(noted).toMatchObject({
      status: 'up',
      since: { at: start + 10 * minute, count: 0 },
      notedAt: start + 11 * minute,
    })
    expect(deadlineOf(noted)).toBe(start + 80 * minute)
  })

  it('brings the check down when there are too many, with those that counted', () => {
    const at = start - minute
    const running = { startedAt: start }
    const heartbeat = tolerant({ running, results: [{ at, kind: 'failed' }, 'success'] })

    const down = afterMiss(heartbeat, aMiss(deadline), deadline)

    expect(down).toMatchObject({
      status: 'down',
      since: {
        at: deadline,
        cause: {
          kind: 'missed',
          among: [
            { at, kind: 'failed' },
            { at: deadline, kind: 'missed' },
          ],
        },
      },
      results: ['failure', 'success', 'failure'],
    })
    expect(down.running ?? down.awaitedAfter).toBeUndefined()
  })
})
