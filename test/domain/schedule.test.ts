import { describe, expect, it } from 'vitest'
import { nextRunAt, parseSchedule, previousRunAt, scheduleInWords, type Schedule } from '../../lambdas/domain/schedule.ts'

describe('nextRunAt', () => {
  it('adds the period of a simple schedule to the millisecond', () => {
    expect(nextRunAt({ kind: 'simple', periodSeconds: 60 }, 'Europe/Riga', 1234)).toBe(61_234)
  })

  it('ignores the zone of the check where the expression names one', () => {
    const schedule = { kind: 'oncalendar', expression: '12:00 Europe/Riga' } as const

    expect(nextRunAt(schedule, 'Asia/Tokyo', Date.parse('2026-01-01T00:00Z'))).toBe(Date.parse('2026-01-01T10:00Z'))
  })

  it.each([
    ['cron', '* * * *'],
    ['oncalendar', '@daily'],
  ] as const)('refuses a stored %s expression that is not valid: %j', (kind, expression) => {
    expect(() => nextRunAt({ kind, expression }, 'UTC', 0)).toThrow(`not a valid ${kind} expression: ${expression}`)
  })

  it('refuses an unknown zone', () => {
    expect(() => nextRunAt({ kind: 'cron', expression: '* * * * *' }, 'Europe/Surprise', 0)).toThrow(RangeError)
  })
})

describe('previousRunAt', () => {
  const hourly = { kind: 'cron', expression: '0 * * * *' } as const

  it.each([
    ['2026-01-01T10:59:59.999Z', '2026-01-01T10:00Z'],
    ['2026-01-01T11:00:00.000Z', '2026-01-01T11:00Z'],
    ['2026-01-01T11:00:00.999Z', '2026-01-01T11:00Z'],
  ])('is the last run at or before %s', (at, previous) => {
    expect(previousRunAt(hourly, 'UTC', Date.parse(at))).toBe(Date.parse(previous))
  })

  it('is the latest of several expressions', () => {
    const schedule = { kind: 'oncalendar', expression: '2025-06-01\n2025-07-01\n2027-01-01' } as const

    expect(previousRunAt(schedule, 'UTC', Date.parse('2026-01-01T00:00Z'))).toBe(Date.parse('2025-07-01T00:00Z'))
  })

  it('is none before the first', () => {
    const schedule = { kind: 'oncalendar', expression: '2025-06-01' } as const

    expect(previousRunAt(schedule, 'UTC', Date.parse('2025-05-31T23:59Z'))).toBeUndefined()
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
})

describe('scheduleInWords', () => {
  it.each<[Schedule, string]>([
    [{ kind: 'simple', periodSeconds: 300 }, 'every 5 minutes'],
    [{ kind: 'simple', periodSeconds: 86_400 }, 'every 1 day'],
    [{ kind: 'simple', periodSeconds: 93_600 }, 'every 1 day 2 hours'],
    [{ kind: 'simple', periodSeconds: 90_061 }, 'every 1 day 1 hour 1 minute 1 second'],
    [{ kind: 'cron', expression: '* * * * *' }, 'cron * * * * * in Europe/Riga (every minute)'],
    [{ kind: 'cron', expression: '*/15  * * * *\n' }, 'cron */15 * * * * in Europe/Riga (every 15 minutes)'],
    [{ kind: 'cron', expression: '*/7 * * * *' }, 'cron */7 * * * * in Europe/Riga'],
    [{ kind: 'cron', expression: '5 * * * *' }, 'cron 5 * * * * in Europe/Riga (every hour at 05 past)'],
    [{ kind: 'cron', expression: '5 3 * * *' }, 'cron 5 3 * * * in Europe/Riga (every day at 03:05)'],
    [{ kind: 'cron', expression: '5 3 * * 1' }, 'cron 5 3 * * 1 in Europe/Riga'],
    [{ kind: 'cron', expression: '5 */3 * * *' }, 'cron 5 */3 * * * in Europe/Riga'],
    [{ kind: 'oncalendar', expression: 'Mon..Fri 9:00' }, 'OnCalendar Mon..Fri 9:00 in Europe/Riga'],
    [{ kind: 'oncalendar', expression: '12:00\n13:00 Asia/Tokyo\n' }, 'OnCalendar 12:00 in Europe/Riga and 13:00 in Asia/Tokyo'],
  ])('says of %j: %s', (schedule, words) => {
    expect(scheduleInWords(schedule, 'Europe/Riga')).toBe(words)
  })
})
