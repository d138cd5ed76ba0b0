import { describe, expect, it } from 'vitest'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import { isNeverPinged } from '../../../lambdas/domain/watching/never-pinged.ts'
import { aHeartbeat, hour, minute, start } from '../../support/builders.ts'

describe('a check that was never pinged', () => {
  const isSilent = (fields: Partial<Heartbeat>, elapsed: number) =>
    isNeverPinged(aHeartbeat(fields), start, start + elapsed)

  it('is told as such from the end of its first period and grace time', () => {
    expect(isSilent({}, hour + 10 * minute - 1)).toBe(false)
    expect(isSilent({}, hour + 10 * minute)).toBe(true)
  })

  it('has until the first run of its schedule', () => {
    const daily = { schedule: { kind: 'cron', expression: '30 3 * * *' } } as const

    expect(isSilent(daily, 3.5 * hour + 10 * minute - 1)).toBe(false)
    expect(isSilent(daily, 3.5 * hour + 10 * minute)).toBe(true)
  })

  it('has the time again when it was paused meanwhile', () => {
    const resumed = { since: { at: start + 5 * hour, count: 0 } }

    expect(isSilent(resumed, 6 * hour)).toBe(false)
    expect(isSilent(resumed, 6 * hour + 10 * minute)).toBe(true)
  })

  it('has as much time more as pings could not be taken', () => {
    const impairment = {
      intervals: [{ startedAt: start, endedAt: start + minute }],
      longestHoldMs: hour,
    }

    expect(isNeverPinged(aHeartbeat(), start, start + hour + 10 * minute, impairment)).toBe(false)
    expect(isNeverPinged(aHeartbeat(), start, start + hour + 11 * minute, impairment)).toBe(true)
  })

  it.each([
    { pingCount: 1 },
    { status: 'paused' },
    { status: 'up', lastPingAt: start, pingCount: 1 },
    { lostAt: start },
  ] as const)('is none with %j', (fields) => {
    expect(isSilent(fields, 100 * hour)).toBe(false)
  })
})
