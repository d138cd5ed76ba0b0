import { describe, expect, it } from 'vitest'
import {
  isSchedule,
  nextRunAt,
  nextRunBy,
  parseSchedule,
  scheduleBounds,
  type Schedule,
} from '../../../lambdas/domain/schedule/schedule.ts'

describe('nextRunAt', () => {
  it('adds the period of a simple schedule to the millisecond', () => {
    expect(nextRunAt({ kind: 'simple', periodSeconds: 60 }, 'Europe/Riga', 1234)).toBe(61_234)
  })

  it('ignores the zone of the check where the expression names one', () => {
    const schedule = { kind: 'oncalendar', expression: '12:00 Europe/Riga' } as const

    expect(nextRunAt(schedule, 'Asia/Tokyo', Date.parse('2026-01-01T00:00Z'))).toBe(
      Date.parse('2026-01-01T10:00Z'),
    )
  })

  it.each([
    ['cron', '* * * *'],
    ['oncalendar', '@daily'],
  ] as const)('refuses a stored %s expression that is not valid: %j', (kind, expression) => {
    expect(() => nextRunAt({ kind, expression }, 'UTC', 0)).toThrow(
      `not a valid ${kind} expression: ${expression}`,
    )
  })

  it('refuses an unknown zone', () => {
    expect(() =>
      nextRunAt({ kind: 'cron', expression: '* * * * *' }, 'Europe/Surprise', 0),
    ).toThrow(RangeError)
  })
})

describe('nextRunBy', () => {
  const hourly = { kind: 'cron', expression: '0 * * * *' } as const
  const after = Date.parse('2026-01-01T10:00Z')
  const next = Date.parse('2026-01-01T11:00Z')

  it.each<Schedule>([
    hourly,
    { kind: 'oncalendar', expression: '*:00' },
    { kind: 'simple', periodSeconds: 3600 },
  ])('finds a run up to and including an instant of %j, and none beyond', (schedule) => {
    expect(nextRunBy(next - 1, { schedule, timeZone: 'UTC', after })).toBeUndefined()
    expect(nextRunBy(next, { schedule, timeZone: 'UTC', after })).toBe(next)
  })

  it('is the earliest of several expressions', () => {
    const schedule = {
      kind: 'oncalendar',
      expression: '2025-06-01\n2027-07-01\n2027-01-01',
    } as const

    expect(nextRunAt(schedule, 'UTC', after)).toBe(Date.parse('2027-01-01T00:00Z'))
  })
})

describe('parseSchedule', () => {
  it.each([
    ['* * * * *', 'cron'],
    ['\n* * * * *\n', 'cron'],
    ['00:00', 'oncalendar'],
    ['00:00\n01:00\n02:00\n03:00\n04:00', 'oncalendar'],
  ])('takes %j for %s and keeps the text', (expression, kind) => {
    expect(parseSchedule(expression)).toEqual({ kind, expression })
  })

  it.each([
    ['*-2,4,6,9,11-31\n2100-1-1', 'a date that no month has'],
    ['2100-1-1\n*-2-30', 'the second line'],
    ['2001..2199/2-2-29\n2100-1-1', 'a leap day of odd years'],
    ['Mon 2023-10-1\n2100-1-1', 'a Monday that was a Sunday'],
    ['1970..1999-*-*\n2100-1-1', 'years that were over by 2000'],
    ['Sun *-3-25..31 2:30 Europe/Berlin\n2100-1-1', 'what clocks always skip in its own zone'],
  ])('refuses %j, of which a line never runs: %s', (expression) => {
    expect(parseSchedule(expression)).toBeUndefined()
  })

  it('takes an expression as long as it may be, and none that is longer', () => {
    const longest = `${'0,'.repeat(45)}0 * * * *`.padStart(scheduleBounds.longestExpression, '0')

    expect(parseSchedule(longest)).toBeDefined()
    expect(parseSchedule(`0${longest}`)).toBeUndefined()
  })
})

describe('isSchedule', () => {
  it.each<[Schedule, boolean]>([
    [{ kind: 'simple', periodSeconds: 59 }, false],
    [{ kind: 'simple', periodSeconds: 60 }, true],
    [{ kind: 'simple', periodSeconds: 31_536_000 }, true],
    [{ kind: 'simple', periodSeconds: 31_536_001 }, false],
    [{ kind: 'simple', periodSeconds: 60.5 }, false],
    [{ kind: 'cron', expression: '* * * * *' }, true],
    [{ kind: 'cron', expression: '*:*' }, false],
    [{ kind: 'oncalendar', expression: '*:*' }, true],
    [{ kind: 'oncalendar', expression: '2-30' }, false],
  ])('of %j is %s', (schedule, expected) => {
    expect(isSchedule(schedule)).toBe(expected)
  })
})
