import { describe, expect, it } from 'vitest'
import { deadlineOf, dueAtOf, missOf } from '../../../lambdas/domain/watching/deadline.ts'
import { unimpaired } from '../../../lambdas/domain/watching/impairment.ts'
import { statusAt } from '../../../lambdas/domain/watching/status-at.ts'
import { anUpHeartbeat, hour, minute, start } from '../../support/builders.ts'
import { planned } from '../../support/planned.ts'

describe('a run with a limit of its own', () => {
  const rules = { maxRuntimeSeconds: 4 * 3600 }
  const running = (minutes: number) =>
    anUpHeartbeat({ rules, running: { startedAt: start + minutes * minute } })

  it('is judged by that limit alone, whatever is expected meanwhile', () => {
    expect(missOf(running(50))).toEqual({
      at: start + 50 * minute + 4 * hour,
      cause: { kind: 'unfinished', startedAt: start + 50 * minute, limitSeconds: 4 * 3600 },
    })
  })

  it('shows the stored status until its limit, and when it began as the time due', () => {
    expect(statusAt(running(50), start + 50 * minute + 4 * hour - 1)).toBe('up')
    expect(statusAt(running(50), start + 50 * minute + 4 * hour)).toBe('down')
    expect(dueAtOf(running(70))).toBe(start + 70 * minute)
  })

  it('may have less than the grace time', () => {
    const short = anUpHeartbeat({ rules: { maxRuntimeSeconds: 60 }, running: { startedAt: start } })

    expect(deadlineOf(short)).toBe(start + minute)
  })

  it('leaves a check without a run to what is expected', () => {
    expect(deadlineOf(anUpHeartbeat({ rules }))).toBe(start + hour + 10 * minute)
  })
})

describe('planned time inside a run', () => {
  const heartbeat = anUpHeartbeat({
    rules: { maxRuntimeSeconds: 3600 },
    running: { startedAt: start },
  })

  it('counts also where the limit is put off into it, because pings could not be taken', () => {
    const intervals = [{ startedAt: start + 30 * minute, endedAt: start + 50 * minute }]
    const leeway = { intervals, longestHoldMs: hour, planned: planned([[75, 90]]) }

    expect(deadlineOf(heartbeat, leeway)).toBe(start + 95 * minute)
  })

  it.each([
    ['none', [], 60],
    ['a stretch inside', [[10, 20]], 70],
    ['a stretch that began before', [[-30, 20]], 80],
    ['a stretch that reaches beyond the limit', [[50, 90]], 100],
    [
      'a stretch that only the first one makes part of the run',
      [
        [10, 20],
        [65, 70],
      ],
      75,
    ],
    ['a stretch that begins at the limit', [[60, 90]], 60],
    ['a stretch that ended at the start', [[-30, 0]], 60],
  ] as const)('lets it take as much longer: %s', (_, stretches, minutes) => {
    expect(deadlineOf(heartbeat, { ...unimpaired, planned: planned(stretches) })).toBe(
      start + minutes * minute,
    )
  })

  it('does not move a run by the grace time otherwise', () => {
    const { rules: _, ...plain } = heartbeat

    expect(deadlineOf(plain, { ...unimpaired, planned: planned([[5, 8]]) })).toBe(
      start + 13 * minute,
    )
  })
})
