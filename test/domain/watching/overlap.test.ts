import { describe, expect, it } from 'vitest'
import { definitionOf } from '../../../lambdas/domain/watching/check.ts'
import { aCheck } from '../../support/builders.ts'

describe('runs of a check', () => {
  const hourly = { kind: 'simple', periodSeconds: 3600 } as const
  const workdays = { kind: 'cron', expression: '0 9 * * 1-5' } as const

  it.each([
    [hourly, 3600, undefined],
    [hourly, 3601, true],
    [workdays, 24 * 3600, undefined],
    [workdays, 24 * 3600 + 1, true],
    [{ kind: 'oncalendar', expression: '2026-05-01' }, 31_536_000, undefined],
  ] as const)('overlap when their limit is longer than a gap: %j, %i s', (schedule, limit, is) => {
    const check = aCheck({ schedule, rules: { maxRuntimeSeconds: limit } })

    expect(definitionOf(check).runsOverlap).toBe(is)
  })

  it('do not overlap without a limit of their own', () => {
    expect(definitionOf(aCheck({ rules: { successes: 2 } })).runsOverlap).toBeUndefined()
  })
})
