import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextRunAt } from '../../../lambdas/domain/schedule/schedule.ts'
import type { Flip } from '../../../lambdas/domain/watching/flip.ts'
import type { Status } from '../../../lambdas/domain/watching/heartbeat.ts'
import { unimpaired } from '../../../lambdas/domain/watching/impairment.ts'
import { onTimeRunsOf, type RunTerms } from '../../../lambdas/domain/watching/on-time-runs.ts'
import type { History } from '../../../lambdas/domain/watching/uptime.ts'
import { hour, minute } from '../../support/builders.ts'

const day = 24 * hour
const start = Date.UTC(2026, 0, 1)
const daily = {
  schedule: { kind: 'cron', expression: '30 3 * * *' },
  timeZone: 'UTC',
  graceSeconds: 1800,
  leeway: unimpaired,
} as const satisfies RunTerms

function aHistory(changes: readonly (readonly [at: number, status: Status])[]): History {
  const flips = changes.map(([at, status], index): Flip => ({
    checkId: 'check-1',
    at,
    count: index,
    status,
    from: changes[index - 1]?.[1] ?? 'new',
    reason: '',
  }))
  const last = flips.at(-1)
  return { createdAt: start, status: last?.status ?? 'new', since: last, flips }
}

/** What becomes of a check that is pinged at these times, and of nothing else. */
function flippedBy(terms: RunTerms, pings: readonly number[], until: number): History {
  const { schedule, timeZone, graceSeconds } = terms
  const changes: [number, Status][] = []
  for (const [index, ping] of pings.entries()) {
    if (changes.at(-1)?.[1] !== 'up') changes.push([ping, 'up'])
    const due = nextRunAt(schedule, timeZone, ping) ?? Infinity
    const deadline = due + graceSeconds * 1000
    if (deadline <= Math.min(pings[index + 1] ?? Infinity, until)) changes.push([deadline, 'down'])
  }
  return aHistory(changes)
}

const range = { from: start, to: start + 30 * day }

describe('runs on time', () => {
  it('are those that a success came for, from the run on until its deadline', () => {
    const aTerm = fc.record({
      schedule: fc.constantFrom(
        { kind: 'cron', expression: '30 3 * * *' } as const,
        { kind: 'cron', expression: '0 */6 * * *' } as const,
        { kind: 'oncalendar', expression: 'Mon..Fri 12:00' } as const,
      ),
      timeZone: fc.constantFrom('UTC', 'Europe/Riga', 'America/New_York'),
      graceSeconds: fc.constantFrom(600, 5 * 3600, 30 * 3600),
      leeway: fc.constant(unimpaired),
    })
    // At no full second, so that none comes at a deadline.
    const aPing = fc.integer({ min: 0, max: 30 * 24 * 3600 }).map((at) => start + at * 1000 + 1)

    fc.assert(
      fc.property(aTerm, fc.array(aPing, { minLength: 1, maxLength: 60 }), (terms, some) => {
        const pings = some.toSorted((one, other) => one - other)
        const [first = 0] = pings
        const graceMs = terms.graceSeconds * 1000
        const runs: number[] = []
        for (
          let run = nextRunAt(terms.schedule, terms.timeZone, first);
          run !== undefined && run + graceMs < range.to;
          run = nextRunAt(terms.schedule, terms.timeZone, run)
        )
          runs.push(run)
        const met = runs.filter((run) => pings.some((ping) => ping >= run && ping < run + graceMs))

        expect(onTimeRunsOf(flippedBy(terms, pings, range.to), terms, range)).toEqual({
          expected: runs.length,
          onTime: met.length,
        })
      }),
    )
  })

  it('are one fewer than expected for a daily job with one miss', () => {
    const missed = start + 10 * day + 4 * hour
    const history = aHistory([
      [start, 'up'],
      [missed, 'down'],
      [missed + 5 * hour, 'up'],
    ])

    expect(onTimeRunsOf(history, daily, range)).toEqual({ expected: 30, onTime: 29 })
  })

  it('are met by a second try before the deadline', () => {
    const run = start + 3.5 * hour
    const history = aHistory([
      [start, 'up'],
      [run + minute, 'down'],
      [run + 5 * minute, 'up'],
    ])

    expect(onTimeRunsOf(history, daily, { from: start, to: start + day })).toEqual({
      expected: 1,
      onTime: 1,
    })
  })

  it('leave out what nobody expected: before the first ping, paused, in planned time', () => {
    const history = aHistory([
      [start + 5 * day, 'up'],
      [start + 10 * day, 'paused'],
      [start + 15 * day, 'new'],
      [start + 20 * day, 'up'],
    ])
    const planned = (after: number, until: number) => {
      const window = { startedAt: start + 22 * day, endedAt: start + 24 * day }
      return after < window.endedAt && until >= window.startedAt ? window : undefined
    }

    expect(onTimeRunsOf(history, daily, range)?.expected).toBe(15)
    expect(
      onTimeRunsOf(history, { ...daily, leeway: { ...unimpaired, planned } }, range)?.expected,
    ).toBe(13)
  })

  it('leave out runs whose pings could not be taken', () => {
    const history = aHistory([[start, 'up']])
    const at = start + 3 * day + 3.75 * hour
    const intervals = [{ startedAt: at, endedAt: at + minute }]
    const leeway = { intervals, longestHoldMs: 15 * minute }

    expect(onTimeRunsOf(history, { ...daily, leeway }, range)?.expected).toBe(28)
  })

  it('are not known of a period, of a tolerant check, and of very many runs', () => {
    const history = aHistory([[start, 'up']])
    const often = { kind: 'cron', expression: '* * * * *' } as const
    const known = (terms: Partial<RunTerms>) => onTimeRunsOf(history, { ...daily, ...terms }, range)

    expect(known({ schedule: { kind: 'simple', periodSeconds: 86_400 } })).toBeUndefined()
    expect(known({ rules: { failures: { count: 2, of: 3 } } })).toBeUndefined()
    expect(known({ rules: { maxRuntimeSeconds: 60 } })).toBeUndefined()
    expect(known({ schedule: often })).toBeUndefined()
    expect(known({ rules: { earlySeconds: 60 } })).toEqual({ expected: 30, onTime: 30 })
  })
})
