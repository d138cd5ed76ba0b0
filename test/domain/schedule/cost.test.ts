import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  nextRunAt,
  nextRunBy,
  parseSchedule,
  scheduleBounds,
  type CalendarSchedule,
} from '../../../lambdas/domain/schedule/schedule.ts'
import { newBudget, ScheduleTooCostly } from '../../../lambdas/domain/schedule/budget.ts'
import { parseCron } from '../../../lambdas/domain/schedule/cron.ts'
import { parseOnCalendar } from '../../../lambdas/domain/schedule/on-calendar.ts'
import { firstRun } from '../../../lambdas/domain/schedule/runs.ts'
import zones from '../../data/time-zones.json' with { type: 'json' }

const dayMs = 86_400_000

/** Lines that seldom run, or are at times that clocks skip. */
const line = fc
  .tuple(
    fc.constantFrom('', 'Mon ', 'Sun ', 'Sat,Sun '),
    fc.oneof(
      fc.constantFrom(
        '2-29',
        '2,4,6,9,11-30',
        '*-31',
        '*~1',
        '2199-12-31',
        '2196-2-29',
        '1970..2199/4-2-29',
        '3-25..31',
        '3-8..14',
        '11-1..7',
      ),
      fc
        .tuple(
          fc.integer({ min: 1970, max: 2199 }),
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 31 }),
        )
        .map((date) => date.join('-')),
      fc
        .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
        .map((date) => date.join('-')),
    ),
    fc.constantFrom('', ' 2:30', ' 3:30', ' 0:30'),
    fc.constantFrom('', '', '', ' Europe/Berlin', ' America/Havana'),
  )
  .map((parts) => parts.join(''))

const onCalendar = fc
  .oneof(
    fc.array(line, { minLength: 1, maxLength: 9 }),
    line.chain((one) =>
      fc.integer({ min: 1, max: 9 }).map((count) => Array<string>(count).fill(one)),
    ),
  )
  .map((lines) =>
    lines
      .reduce(
        (text, next) =>
          `${text}\n${next}`.length > scheduleBounds.longestExpression ? text : `${text}\n${next}`,
        '',
      )
      .trim(),
  )

const cron = fc
  .tuple(
    fc.constantFrom('0', '*', '30', '*/7'),
    fc.constantFrom('0', '2', '3', '*'),
    fc.constantFrom('29', '31', '30', '*/31', 'L', 'LW', '8-14', '25-31'),
    fc.constantFrom('2', '2,4,6,9,11', '3', '*', '11'),
    fc.constantFrom('*/7', 'MON#5', '5L', '1', '*'),
  )
  .map((fields) => fields.join(' '))

const schedule = fc
  .oneof(onCalendar, cron)
  .map(parseSchedule)
  .filter((parsed) => parsed !== undefined)

const place = fc.record({
  timeZone: fc.oneof(
    fc.constantFrom('Europe/Berlin', 'America/New_York', 'America/Havana'),
    fc.constantFrom(...zones.accepted),
  ),
  at: fc
    .integer({ min: Date.UTC(2000) / dayMs, max: Date.UTC(2060) / dayMs })
    .map((day) => day * dayMs),
})

type Looking = {
  readonly schedule: CalendarSchedule
  readonly timeZone: string
  readonly from: number
  readonly until: number
}

/** What one evaluation looks at, of all lines. */
function looksOf({ schedule: { kind, expression }, timeZone, from, until }: Looking): number {
  const timetables = kind === 'cron' ? [parseCron(expression)] : parseOnCalendar(expression)
  const budget = { left: Number.MAX_SAFE_INTEGER }
  for (const timetable of timetables?.filter((each) => each !== undefined) ?? [])
    firstRun(timetable, timetable.timeZone ?? timeZone, { from, until, budget })
  return Number.MAX_SAFE_INTEGER - budget.left
}

describe('an evaluation', () => {
  it('costs at most half of its budget, whatever the schedule, the zone and the time', () => {
    fc.assert(
      fc.property(schedule, place, (schedule, { timeZone, at }) => {
        expect(looksOf({ schedule, timeZone, from: at, until: Infinity })).toBeLessThanOrEqual(
          newBudget().left / 2,
        )
      }),
      { numRuns: 5000 },
    )
  })

  it('costs some looks a line and three for each month up to where it may look', () => {
    fc.assert(
      fc.property(
        schedule,
        place,
        fc.integer({ min: 0, max: 1000 }),
        (schedule, { timeZone, at }, days) => {
          const lines = schedule.expression.split('\n').length

          const looks = looksOf({ schedule, timeZone, from: at, until: at + days * dayMs })

          expect(looks).toBeLessThanOrEqual(lines * (20 + days / 10))
        },
      ),
      { numRuns: 5000 },
    )
  })

  it('that would cost more than its budget is given up', () => {
    const expression = '2199-1-1\n'.repeat(200)

    expect(() => nextRunAt({ kind: 'oncalendar', expression }, 'UTC', Date.UTC(2026))).toThrow(
      ScheduleTooCostly,
    )
    expect(
      nextRunBy(Date.UTC(2026, 1), {
        schedule: { kind: 'oncalendar', expression },
        timeZone: 'UTC',
        after: Date.UTC(2026),
      }),
    ).toBeUndefined()
  })

  it.each([
    ['lines that never run', '*-2,4,6,9,11-31\n'.repeat(5) + '2100-1-1'],
    ['years that have no leap day', '1971..2199/2-2-29\n'.repeat(5) + '2100-1-1'],
  ])('of what was kept before it would have been refused costs little: %s', (_, expression) => {
    const looks = looksOf({
      schedule: { kind: 'oncalendar', expression },
      timeZone: 'UTC',
      from: Date.UTC(2026),
      until: Infinity,
    })

    expect(looks).toBeLessThan(3000)
  })
})
