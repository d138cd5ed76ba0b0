import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../../lambdas/domain/schedule/schedule.ts'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import { unimpaired } from '../../../lambdas/domain/watching/impairment.ts'
import { isFailedRun } from '../../../lambdas/domain/watching/run-result.ts'
import { judgedAt, statusAt } from '../../../lambdas/domain/watching/status-at.ts'
import { aHeartbeat, anUpHeartbeat, hour, minute, start } from '../../support/builders.ts'
import { planned } from '../../support/planned.ts'

describe('the status people see', () => {
  it.each([
    [hour - 1, 'up'],
    [hour, 'grace'],
    [hour + 10 * minute - 1, 'grace'],
    [hour + 10 * minute, 'down'],
  ])('%i ms after the last ping is %s', (elapsed, status) => {
    expect(statusAt(anUpHeartbeat(), start + elapsed)).toBe(status)
  })

  it.each(['new', 'up', 'down', 'paused'] as const)(
    'of a %s check is down when a run takes too long',
    (status) => {
      const heartbeat = aHeartbeat({ status, running: { startedAt: start } })

      expect(statusAt(heartbeat, start + 10 * minute - 1)).toBe(status)
      expect(statusAt(heartbeat, start + 10 * minute)).toBe('down')
    },
  )

  it('ignores a run in time when the expected ping is late', () => {
    expect(
      statusAt(anUpHeartbeat({ running: { startedAt: start + hour } }), start + hour + minute),
    ).toBe('grace')
  })
})

describe('the status of a check that tolerates misses', () => {
  const tolerant = anUpHeartbeat({ rules: { failures: { count: 2, of: 2 } } })

  it.each([
    [59.99, 'up', 0],
    [60, 'grace', 0],
    [69.99, 'grace', 0],
    [70, 'up', 1],
    [119.99, 'up', 1],
    [120, 'grace', 1],
    [130, 'down', 2],
    [1000, 'down', 2],
  ])('%i minutes after the last ping is %s', (minutes, status, failing) => {
    const now = start + minutes * minute

    expect(statusAt(tolerant, now)).toBe(status)
    expect(judgedAt(tolerant, now).results ?? []).toHaveLength(failing)
  })

  const instant = fc.integer({ min: 0, max: 400 }).map((minutes) => start + minutes * minute)
  const rules = fc.record(
    {
      failures: fc
        .record({ count: fc.integer({ min: 1, max: 5 }), more: fc.nat(3) })
        .map(({ count, more }) => ({ count, of: count + more })),
      maxRuntimeSeconds: fc.constantFrom(60, 1800, 7200),
      earlySeconds: fc.constantFrom(60, 900),
    },
    { requiredKeys: [] },
  )
  const state = fc.record(
    {
      schedule: fc.constantFrom<Schedule>(
        { kind: 'simple', periodSeconds: 1800 },
        { kind: 'cron', expression: '*/30 * * * *' },
      ),
      status: fc.constantFrom('up' as const, 'new' as const, 'paused' as const, 'down' as const),
      lastPingAt: instant,
      running: instant.map((startedAt) => ({ startedAt })),
      rules,
    },
    { requiredKeys: ['schedule', 'status', 'rules'] },
  )
  const stretches = fc
    .uniqueArray(fc.nat(300), { maxLength: 4 })
    .map((starts) => starts.sort((one, other) => one - other))
    .map((starts) =>
      starts.map((from, index) => [from, Math.min(from + 35, starts[index + 1] ?? 999)] as const),
    )
  const intervals = fc.constantFrom(
    [],
    [{ startedAt: start + 20 * minute, endedAt: start + 95 * minute }],
  )

  it('is the same however often and however late a sweep has noted misses', () => {
    fc.assert(
      fc.property(
        state,
        stretches,
        intervals,
        fc.tuple(instant, instant),
        (fields, plan, holds, looks) => {
          const heartbeat = aHeartbeat(fields)
          const leeway = { intervals: holds, longestHoldMs: hour, planned: planned(plan) }
          const [first, last] = [Math.min(...looks), Math.max(...looks)]

          const noted = judgedAt(heartbeat, first, leeway)

          const visible = ({ notedAt: _, ...rest }: Heartbeat) => rest
          expect(visible(judgedAt(noted, last, leeway))).toEqual(
            visible(judgedAt(heartbeat, last, leeway)),
          )
          expect(statusAt(noted, last, leeway)).toBe(statusAt(heartbeat, last, leeway))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('has misses in order, none in planned time', () => {
    fc.assert(
      fc.property(state, stretches, instant, (fields, plan, now) => {
        const { results = [], since } = judgedAt(aHeartbeat(fields), now, {
          ...unimpaired,
          planned: planned(plan),
        })
        const misses = since?.cause?.among ?? results.filter(isFailedRun)

        const instants = misses.map(({ at }) => at)
        expect(instants).toEqual(instants.toSorted((one, other) => one - other))
        // A run may come to its limit just when a window begins, which then lies in none of it.
        for (const at of instants) expect(planned(plan)(at, at - 1)).toBeUndefined()
      }),
    )
  })
})
