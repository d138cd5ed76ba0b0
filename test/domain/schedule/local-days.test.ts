import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysUntil, monthsUntil } from '../../../lambdas/domain/schedule/local-days.ts'
import { hour } from '../../support/builders.ts'

const zones = ['UTC', 'Europe/Riga', 'America/Havana', 'America/Asuncion', 'Pacific/Kiritimati']

describe('the days of a zone', () => {
  it.each([
    ['of 23 hours', 'Europe/Riga', '2026-03-29', 23],
    ['of 25 hours', 'Europe/Riga', '2026-10-25', 25],
    ['that begins at one o’clock', 'America/Havana', '2026-03-08', 23],
    ['that has its first hour twice', 'America/Havana', '2025-11-02', 25],
    ['that has its last hour twice', 'America/Asuncion', '2024-03-23', 25],
    ['of 24 hours', 'Asia/Kathmandu', '2026-03-29', 24],
  ])('have one %s', (_, timeZone, name, hours) => {
    const days = daysUntil(Date.parse(name) + 72 * hour, 10, timeZone)

    const day = days.find((each) => each.name === name)

    expect(day && (day.to - day.from) / hour).toBe(hours)
  })

  it('end now', () => {
    const now = Date.parse('2026-03-01T22:30:00Z')

    expect(daysUntil(now, 2, 'Europe/Riga')).toEqual([
      {
        name: '2026-03-01',
        from: Date.parse('2026-02-28T22:00:00Z'),
        to: Date.parse('2026-03-01T22:00:00Z'),
      },
      { name: '2026-03-02', from: Date.parse('2026-03-01T22:00:00Z'), to: now },
    ])
  })

  it('follow each other without a gap, up to now', () => {
    const instant = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2040, 0) })
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (now, timeZone) => {
        for (const periods of [daysUntil(now, 30, timeZone), monthsUntil(now, 13, timeZone)]) {
          expect(periods.at(-1)?.to).toBe(now)
          for (const [index, { from, to }] of periods.entries()) {
            expect(from).toBeLessThanOrEqual(to)
            expect(periods[index + 1]?.from ?? now).toBe(to)
          }
        }
      }),
    )
  })
})

describe('the months of a zone', () => {
  it('begin by its clocks, over the turn of the year', () => {
    const now = Date.parse('2026-01-15T00:00:00Z')

    expect(monthsUntil(now, 2, 'Europe/Riga')).toEqual([
      {
        name: '2025-12',
        from: Date.parse('2025-11-30T22:00:00Z'),
        to: Date.parse('2025-12-31T22:00:00Z'),
      },
      { name: '2026-01', from: Date.parse('2025-12-31T22:00:00Z'), to: now },
    ])
  })
})
