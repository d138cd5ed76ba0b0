import { describe, expect, it } from 'vitest'
import { awaitedRunOf } from '../../../lambdas/domain/watching/awaited-run.ts'
import { missOf } from '../../../lambdas/domain/watching/deadline.ts'
import type { Heartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import { unimpaired } from '../../../lambdas/domain/watching/impairment.ts'
import { statusAt } from '../../../lambdas/domain/watching/status-at.ts'
import { anUpHeartbeat, hour, minute, start } from '../../support/builders.ts'
import { planned } from '../../support/planned.ts'

const hourly = { kind: 'cron', expression: '0 * * * *' } as const
const dueMinutes = (heartbeat: Heartbeat): number =>
  ((awaitedRunOf(heartbeat)?.dueAt ?? NaN) - start) / minute

describe('the run after an early success', () => {
  const pingedAt = (minutes: number, fields: Partial<Heartbeat> = {}) =>
    anUpHeartbeat({
      schedule: hourly,
      rules: { earlySeconds: 600 },
      lastPingAt: start + minutes * minute,
      ...fields,
    })

  it.each([
    [49.99, 60],
    [50, 120],
    [59.99, 120],
    [60, 120],
    [61, 120],
  ])('%i minutes past the hour is due at minute %i', (minutes, due) => {
    expect(dueMinutes(pingedAt(minutes))).toBe(due)
  })

  it('is the next one after a failure, which is never early', () => {
    const at = start + 55 * minute
    const rules = { earlySeconds: 600, failures: { count: 3, of: 5 } }

    for (const kind of ['failed', 'too-short', 'too-often'] as const)
      expect(dueMinutes(pingedAt(55, { rules, results: ['success', { at, kind }] }))).toBe(60)
    expect(dueMinutes(pingedAt(55, { rules, results: [{ at, kind: 'failed' }, 'success'] }))).toBe(
      120,
    )
  })

  it('is the one after a missed run, however early the last success was', () => {
    expect(dueMinutes(pingedAt(55, { awaitedAfter: start + 2 * hour }))).toBe(180)
  })
})

describe('a deadline in planned time', () => {
  const leeway = (stretches: Parameters<typeof planned>[0]) => ({
    ...unimpaired,
    planned: planned(stretches),
  })
  const simple = anUpHeartbeat()
  const calendar = anUpHeartbeat({ schedule: hourly })

  it.each([
    ['before its start', simple, [[71, 100]], 60, 70],
    ['at its start, with a period', simple, [[70, 100]], 160, 170],
    ['just before its end, with a period', simple, [[0, 70.01]], 130.01, 140.01],
    ['at its end', simple, [[0, 70]], 60, 70],
    ['with runs of the calendar', calendar, [[65, 100]], 120, 130],
    ['that ends just as a run begins', calendar, [[65, 120]], 120, 130],
    [
      'twice in a row',
      calendar,
      [
        [65, 100],
        [125, 140],
      ],
      180,
      190,
    ],
  ] as const)('%s', (_, heartbeat, stretches, due, deadline) => {
    expect(missOf(heartbeat, leeway(stretches))).toEqual({
      at: start + deadline * minute,
      cause: { kind: 'missed', dueAt: start + due * minute },
    })
  })

  it('does not show the check late for the run that it excuses', () => {
    expect(statusAt(calendar, start + 61 * minute, leeway([[65, 100]]))).toBe('up')
    expect(statusAt(calendar, start + 61 * minute, leeway([[75, 100]]))).toBe('grace')
  })

  it('is looked for again when pings could not be taken until planned time began', () => {
    const impaired = {
      intervals: [{ startedAt: start + 50 * minute, endedAt: start + 56 * minute }],
      longestHoldMs: hour,
      planned: planned([[75, 100]]),
    }

    expect(missOf(calendar, impaired)?.at).toBe(start + 130 * minute)
  })

  it('counts holds of the intake only from its end', () => {
    const impaired = {
      intervals: [{ startedAt: start + 40 * minute, endedAt: start + 110 * minute }],
      longestHoldMs: 2 * hour,
      planned: planned([[65, 145]]),
    }

    expect(missOf(calendar, impaired)?.at).toBe(start + 190 * minute)
  })

  it('that excuses every run leaves none to await', () => {
    const always = () => ({ startedAt: start, endedAt: start + 1000 * hour })
    let calls = 0

    const run = awaitedRunOf(simple, { ...unimpaired, planned: () => ((calls += 1), always()) })

    expect([run, calls]).toEqual([undefined, 50])
  })
})
