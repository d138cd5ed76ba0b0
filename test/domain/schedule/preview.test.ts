import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { previewOf, type PreviewTerms } from '../../../lambdas/domain/schedule/preview.ts'
import { type CalendarSchedule, parseSchedule } from '../../../lambdas/domain/schedule/schedule.ts'
import { deadlineOf } from '../../../lambdas/domain/watching/deadline.ts'
import { anUpHeartbeat, hour, minute } from '../../support/builders.ts'

const now = Date.UTC(2026, 10, 30, 9)
const day = 24 * hour

function calendar(text: string, more: Partial<PreviewTerms> = {}) {
  const schedule = parseSchedule(text) as CalendarSchedule
  const preview = previewOf({ schedule, timeZone: 'Europe/Riga', graceSeconds: 1800, now, ...more })
  if (preview.kind !== 'calendar') throw new Error('not a calendar')
  return preview
}

describe('a preview', () => {
  it('shows the next five runs, and when somebody is told of the first', () => {
    const first = Date.UTC(2026, 11, 1, 1, 30)

    expect(calendar('30 3 * * *')).toMatchObject({
      runs: [0, 1, 2, 3, 4].map((count) => first + count * day),
      toldAt: first + 30 * minute,
      warnings: [],
    })
  })

  it('tells when the sweep would', () => {
    const schedules = ['30 3 * * *', '*/5 * * * *', 'Mon..Fri 03:30', '0 0 1 * 1', '*-12-24 18:00']
    fc.assert(
      fc.property(
        fc.constantFrom(...schedules.map((text) => parseSchedule(text) as CalendarSchedule)),
        fc.constantFrom('UTC', 'Europe/Riga', 'America/New_York', 'Australia/Lord_Howe'),
        fc.integer({ min: 60, max: 200_000 }),
        fc.integer({ min: now, max: now + 400 * day }),
        (schedule, timeZone, graceSeconds, at) => {
          const preview = previewOf({ schedule, timeZone, graceSeconds, now: at })
          const pinged = anUpHeartbeat({ schedule, timeZone, graceSeconds, lastPingAt: at })

          expect(preview).toMatchObject({ toldAt: deadlineOf(pinged) })
        },
      ),
    )
  })

  it('tells how long after a ping the sweep would', () => {
    const schedule = { kind: 'simple', periodSeconds: 900 } as const
    const pinged = anUpHeartbeat({ schedule, graceSeconds: 300, lastPingAt: now })

    const preview = previewOf({ schedule, timeZone: 'UTC', graceSeconds: 300, now })

    expect(preview).toMatchObject({
      kind: 'period',
      toldAfterSeconds: ((deadlineOf(pinged) ?? 0) - now) / 1000,
    })
  })

  it('has no runs where none is left', () => {
    const { runs, toldAt } = calendar('2025-01-01 00:00')

    expect([runs, toldAt]).toEqual([[], undefined])
  })
})

describe('a preview warns', () => {
  it.each([
    ['*/5 * * * *', 301, [{ kind: 'long-grace', gapSeconds: 300 }]],
    ['*/5 * * * *', 300, []],
    ['0 3 1 * 1', 60, [{ kind: 'either-day' }]],
    ['0 3 * * 1', 60, []],
    ['0 3 1 * *', 60, []],
    ['0 3 */2 * 1', 60, []],
    ['Mon *-*-01 03:00', 60, []],
  ])('of %s with a grace of %i s: %j', (text, graceSeconds, warnings) => {
    expect(calendar(text, { graceSeconds }).warnings).toEqual(warnings)
  })

  it.each([
    ['0 * * * *', 1800, 1799, []],
    ['0 * * * *', 1800, 1800, [{ kind: 'long-early', gapSeconds: 3600 }]],
    ['0 3 * * *', 1800, undefined, []],
  ])('of %s with a grace of %i s and %s s early: %j', (text, graceSeconds, earlySeconds, is) => {
    expect(calendar(text, { graceSeconds, earlySeconds }).warnings).toEqual(is)
  })

  it('of coming early where runs do not stand in the calendar', () => {
    const schedule = { kind: 'simple', periodSeconds: 900 } as const
    const terms = { schedule, timeZone: 'UTC', graceSeconds: 300, earlySeconds: 60, now }

    expect(previewOf(terms).warnings).toEqual([{ kind: 'early-of-period' }])
  })

  it('of a grace time longer than the period', () => {
    const schedule = { kind: 'simple', periodSeconds: 300 } as const

    expect(previewOf({ schedule, timeZone: 'UTC', graceSeconds: 600, now }).warnings).toEqual([
      { kind: 'long-grace', gapSeconds: 300 },
    ])
  })
})

describe('a change of the clocks', () => {
  const spring = { at: Date.UTC(2027, 2, 28, 1), localAt: Date.UTC(2027, 2, 28, 3, 30) }
  const autumn = { at: Date.UTC(2027, 9, 31, 1), localAt: Date.UTC(2027, 9, 31, 3, 30) }

  it.each([
    [
      '30 3 * * *',
      [
        { ...spring, effect: 'made-up' },
        { ...autumn, effect: 'once' },
      ],
    ],
    [
      '*-*-* 03:30',
      [
        { ...spring, effect: 'left-out' },
        { ...autumn, effect: 'once' },
      ],
    ],
    ['30 2 * * *', []],
    ['30 3 * * 1', []],
    ['30 * * * *', []],
    ['03:30 UTC', []],
  ])('does to %s: %j', (text, notes) => {
    expect(calendar(text).clockNotes).toEqual(notes)
  })

  it('leaves out, or runs twice, what follows elapsed time', () => {
    expect(calendar('*/60 3 * * *').clockNotes).toEqual([
      { at: spring.at, localAt: Date.UTC(2027, 2, 28, 3), effect: 'left-out' },
      { at: autumn.at, localAt: Date.UTC(2027, 9, 31, 3), effect: 'twice' },
    ])
  })
})
