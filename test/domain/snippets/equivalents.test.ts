import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asCron, asTimer } from '../../../lambdas/domain/snippets/equivalents.ts'
import { nextRunAt, parseSchedule } from '../../../lambdas/domain/schedule/schedule.ts'

describe('asCron', () => {
  it.each([
    [60, '* * * * *', true],
    [300, '*/5 * * * *', true],
    [420, '0 3 * * *', false],
    [90, '0 3 * * *', false],
    [3600, '0 * * * *', true],
    [21_600, '0 */6 * * *', true],
    [86_400, '0 3 * * *', true],
    [604_800, '0 3 * * 1', true],
  ])('says of a period of %d s: %s', (periodSeconds, text, isExact) => {
    expect(asCron({ kind: 'simple', periodSeconds })).toEqual({ text, isExact })
  })

  it.each([
    ['30  3 * JUL mon-fri', '30 3 * JUL mon-fri', true],
    ['30 3 L * *', '0 3 * * *', false],
    ['30 3 * * mon#1', '0 3 * * *', false],
  ])('says of %s what each cron understands', (expression, text, isExact) => {
    expect(asCron({ kind: 'cron', expression })).toEqual({ text, isExact })
  })
})

describe('asTimer', () => {
  it('runs when cron does', () => {
    const numbers = (min: number, max: number) => fc.integer({ min, max }).map(String)
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constantFrom('*', '*/5', `${min}-${max}/4`, `${min},${max}`),
        numbers(min, max),
        fc.tuple(numbers(min, min + 2), numbers(min + 2, max)).map((ends) => ends.join('-')),
      )
    const fields = fc.tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7))

    fc.assert(
      fc.property(fields, (all) => {
        const expression = all.join(' ')
        const timer = asTimer({ kind: 'cron', expression }, 'UTC')
        const own = parseSchedule(expression)
        const other = parseSchedule(timer.text.replace('OnCalendar=', ''))
        if (!timer.isExact || own === undefined || other === undefined) return
        const after = Date.UTC(2026, 0, 1)
        expect(nextRunAt(other, 'UTC', after)).toBe(nextRunAt(own, 'UTC', after))
      }),
      { numRuns: 300 },
    )
  })

  it('takes OnCalendar as it is, each line in its zone', () => {
    const expression = 'Mon..Fri 9:00\n12:00 Asia/Tokyo'

    expect(asTimer({ kind: 'oncalendar', expression }, 'Europe/Riga').text).toBe(
      'OnCalendar=Mon..Fri 9:00 Europe/Riga\nOnCalendar=12:00 Asia/Tokyo',
    )
  })
})
