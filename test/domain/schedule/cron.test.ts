import { describe, expect, it } from 'vitest'
import { nextRunAt, parseSchedule } from '../../../lambdas/domain/schedule/schedule.ts'
import { runsOf } from '../../support/runs.ts'

describe('cron expressions', () => {
  it.each([
    ['* * * * *'],
    [' 0\t0 * *   * \n'],
    ['007 * * * *'],
    ['*/60 * * * *'],
    ['*/99999999999999999999 * * * *'],
    ['0-59 0-23 1-31 1-12 0-7'],
    ['5-5 * * * *'],
    ['*,5 * * * *'],
    ['1,1-3,*/7 * * * *'],
    ['* * * jan-MAR mon-Fri'],
    ['0 0 * * fri/2'],
    ['0 0 l * *'],
    ['0 0 lw * *'],
    ['0 0 LW/2 * *'],
    ['0 0 L,15,LW * *'],
    ['0 0 * * 0L,7L'],
    ['0 0 * * MON#5,1#1,5L,3'],
    ['0 0 29 2 *'],
    ['0 0 31 */2 *'],
    ['0 0 31 4,5 *'],
    ['0 0 L,31 2 *'],
  ])('accept %j', (expression) => {
    expect(parseSchedule(expression)).toEqual({ kind: 'cron', expression })
  })

  it.each([
    ['60 * * * *', 'a minute too late'],
    ['* 24 * * *', 'an hour too late'],
    ['* * 0 * *', 'a day before the first'],
    ['* * 32 * *', 'a day after the last'],
    ['* * * 0 *', 'a month before the first'],
    ['* * * 13 *', 'a month after the last'],
    ['* * * * 8', 'a weekday after the last'],
    ['-1 * * * *', 'a sign'],
    ['1.5 * * * *', 'a decimal'],
    ['1-1_0 * * * *', 'an underscore'],
    ['٣ * * * *', 'digits of another script'],
    ['1, * * * *', 'nothing after a comma'],
    [',1 * * * *', 'nothing before a comma'],
    ['1,,2 * * * *', 'nothing between commas'],
    ['5-1 * * * *', 'a range backwards'],
    ['1- * * * *', 'half a range'],
    ['1-2-3 * * * *', 'a range of three'],
    ['*-5 * * * *', 'a range from everything'],
    ['*/0 * * * *', 'a step of nothing'],
    ['*/ * * * *', 'no step'],
    ['/5 * * * *', 'a step of nothing at all'],
    ['* 1//2 * * *', 'two steps'],
    ['* 1/2/3 * * *', 'two steps with numbers'],
    ['* * * january *', 'a long month'],
    ['* * * * monday', 'a long weekday'],
    ['* ABC * * *', 'a name where there is none'],
    ['jan * * * *', 'a name in the wrong field'],
    ['* * * * sat-sun', 'a week that wraps'],
    ['* * LL * *', 'two times L'],
    ['* * W * *', 'W alone'],
    ['* * 15W * *', 'the workday next to a day'],
    ['* * L-2 * *', 'days before the last'],
    ['0 0 L/0 * *', 'the last day in steps of nothing'],
    ['L * * * *', 'L in minutes'],
    ['* * * * L', 'L without a weekday'],
    ['* * * * MONL', 'L after a name'],
    ['* * * * 8L', 'L after no weekday'],
    ['* * * * 5L-6', 'a range from L'],
    ['* * * * 5L/2', 'L in steps'],
    ['* * * * 1#0', 'the zeroth of a month'],
    ['* * * * 1#6', 'the sixth of a month'],
    ['* * * 2# *', 'which of a month, in the wrong field'],
    ['* * * * 1#', 'no number behind #'],
    ['* * * * #1', 'no weekday before #'],
    ['* * * * 1-5#1', 'a range before #'],
    ['* * * * 1#1#1', 'two times #'],
    ['1##1 * * * *', '# in minutes'],
    ['0 0 ? * MON', 'a question mark'],
    ['H * * * *', 'a hash'],
    ['% * * * *', 'a percent sign'],
    ['* * 30 2 *', 'the 30th of February'],
    ['* * 30,31 2 *', 'any late day of February'],
    ['* * 31 4,6,9,11 *', 'the 31st of short months'],
    ['0 0 31 4 1', 'an impossible day, though Mondays would be enough'],
    ['1 1 */100 * MON#4', 'a first that is the fourth of its weekday'],
  ])('refuse %j: %s', (expression) => {
    expect(parseSchedule(expression)).toBeUndefined()
  })

  it('refuse what never runs without looking at every minute of fifty years', () => {
    const hostile = `${'0,'.repeat(20)}0 0 */100 * ${'MON#4,'.repeat(8)}MON#4`

    expect(parseSchedule(hostile)).toBeUndefined()
  })
})

describe('cron fields mean', () => {
  const from2020 = Date.parse('2020-01-01T00:00Z')

  it.each([
    ['0 and 7 both Sunday', '0 0 * * 0', '0 0 * * 7'],
    ['a step from a number on to the end of the field', '5/20 * * * *', '5,25,45 * * * *'],
    ['a step from a range of one likewise', '5-5/20 * * * *', '5,25,45 * * * *'],
    ['a step within a range from its start', '3-9/4 * * * *', '3,7 * * * *'],
    ['a step beyond the field the first only', '*/100 * * * *', '0 * * * *'],
    ['names as numbers', '0 0 1 DEC *', '0 0 1 12 *'],
    ['a step on weekdays from Sunday to Sunday', '0 0 * * */3', '0 0 * * 0,3,6'],
    ['the last day in steps the last day', '0 0 L/2 * *', '0 0 L * *'],
    ['the first Sunday a Sunday within the first seven days', '0 0 * * SUN#1', '0 0 1-7 * */7'],
  ])('%s', (_, expression, plain) => {
    const runs = runsOf({ kind: 'cron', expression }, 'UTC', from2020, 30)

    expect(runs).toEqual(runsOf({ kind: 'cron', expression: plain }, 'UTC', from2020, 30))
  })

  it.each([
    ['1 1 L * *', ['2020-01-31', '2020-02-29', '2020-03-31']],
    ['1 1 LW * *', ['2020-01-31', '2020-02-28', '2020-03-31', '2020-04-30', '2020-05-29']],
    ['1 1 L 2 *', ['2020-02-29', '2021-02-28']],
    ['1 1 L,15 * *', ['2020-01-15', '2020-01-31', '2020-02-15']],
    ['1 1 * * 7L', ['2020-01-26', '2020-02-23']],
    ['1 1 * * 1#2', ['2020-01-13', '2020-02-10']],
    ['1 1 * * MON#5', ['2020-03-30', '2020-06-29']],
    ['1 1 1-7 * */7', ['2020-01-05', '2020-02-02', '2020-03-01', '2020-04-05']],
    ['1 1 * * */3', ['2020-01-01', '2020-01-04', '2020-01-05', '2020-01-08']],
    ['1 1 13 * 5', ['2020-01-03', '2020-01-10', '2020-01-13', '2020-01-17']],
    ['1 1 13 * */5', ['2020-03-13', '2020-09-13', '2020-11-13']],
    ['1 1 */12 * 5', ['2020-03-13', '2020-05-01', '2020-09-25']],
    ['1 1 L,*/12 * 5', ['2020-01-01', '2020-01-03', '2020-01-10']],
    ['1 1 * 2 MON#5', ['2044-02-29', '2072-02-29', '2112-02-29']],
    [
      '1 1 * * 5L',
      [
        '01-31',
        '02-28',
        '03-27',
        '04-24',
        '05-29',
        '06-26',
        '07-31',
        '08-28',
        '09-25',
        '10-30',
        '11-27',
        '12-25',
      ].map((day) => `2020-${day}`),
    ],
  ])('%j the days that it says', (expression, days) => {
    const runs = runsOf({ kind: 'cron', expression }, 'UTC', from2020, days.length)

    expect(runs.map((run) => new Date(run).toISOString())).toEqual(
      days.map((day) => `${day}T01:01:00.000Z`),
    )
  })

  it.each([
    ['2020-01-01T00:04:59.999Z', '2020-01-01T00:05Z'],
    ['2020-01-01T00:05:00.000Z', '2020-01-01T00:10Z'],
    ['2020-01-01T00:05:00.001Z', '2020-01-01T00:10Z'],
  ])('the first run strictly later than %s', (after, next) => {
    expect(nextRunAt({ kind: 'cron', expression: '*/5 * * * *' }, 'UTC', Date.parse(after))).toBe(
      Date.parse(next),
    )
  })
})

describe('cron when clocks change in Riga', () => {
  it.each([
    ['0 * * * *', '03-28T01:30+02:00', ['03-28T02:00+02:00', '03-28T04:00+03:00']],
    [
      '0 * * * *',
      '10-31T01:30+03:00',
      ['10-31T02:00+03:00', '10-31T03:00+03:00', '10-31T03:00+02:00', '10-31T04:00+02:00'],
    ],
    ['* * * * *', '03-28T02:58+02:00', ['03-28T02:59+02:00', '03-28T04:00+03:00']],
    [
      '*/30 * * * *',
      '03-28T02:10+02:00',
      ['03-28T02:30+02:00', '03-28T04:00+03:00', '03-28T04:30+03:00'],
    ],
    ['*/15 * * * *', '03-28T02:40+02:00', ['03-28T02:45+02:00', '03-28T04:00+03:00']],
    [
      '0 */2 * * *',
      '03-28T01:30+02:00',
      ['03-28T02:00+02:00', '03-28T04:00+03:00', '03-28T06:00+03:00'],
    ],
    [
      '0 */2 * * *',
      '10-31T01:30+03:00',
      ['10-31T02:00+03:00', '10-31T04:00+02:00', '10-31T06:00+02:00'],
    ],
    ['*/70 3 31 10 *', '10-31T03:30+03:00', ['10-31T03:00+02:00']],
    ['30 */2 * * *', '03-28T01:30+02:00', ['03-28T02:30+02:00', '03-28T04:30+03:00']],
    [
      '0 1,2,3,4,5 * * *',
      '03-28T01:30+02:00',
      ['03-28T02:00+02:00', '03-28T04:00+03:00', '03-28T05:00+03:00'],
    ],
    [
      '0 1,2,3,4,5 * * *',
      '10-31T01:30+03:00',
      ['10-31T02:00+03:00', '10-31T03:00+03:00', '10-31T04:00+02:00'],
    ],
    [
      '30 1,2,3,4,5 * * *',
      '03-28T01:30+02:00',
      ['03-28T02:30+02:00', '03-28T04:00+03:00', '03-28T04:30+03:00'],
    ],
    ['10,20,30 3 * * *', '03-28T01:30+02:00', ['03-28T04:00+03:00', '03-29T03:10+03:00']],
    ['0 2 * * *', '03-28T01:30+02:00', ['03-28T02:00+02:00', '03-29T02:00+03:00']],
    ['0 2 * * *', '10-31T01:30+03:00', ['10-31T02:00+03:00', '11-01T02:00+02:00']],
    [
      '0 3 * * *',
      '03-27T01:30+02:00',
      ['03-27T03:00+02:00', '03-28T04:00+03:00', '03-29T03:00+03:00'],
    ],
    ['0 3 * * *', '10-30T12:00+03:00', ['10-31T03:00+03:00', '11-01T03:00+02:00']],
    [
      '0 4 * * *',
      '03-27T01:30+02:00',
      ['03-27T04:00+02:00', '03-28T04:00+03:00', '03-29T04:00+03:00'],
    ],
    [
      '0 1-5 * * *',
      '10-31T01:30+03:00',
      ['10-31T02:00+03:00', '10-31T03:00+03:00', '10-31T04:00+02:00'],
    ],
    [
      '15 3 * * *',
      '03-27T00:00+02:00',
      ['03-27T03:15+02:00', '03-28T04:00+03:00', '03-29T03:15+03:00'],
    ],
    ['45 3 * * *', '10-31T03:44+02:00', ['11-01T03:45+02:00']],
    [
      '0 0-23 * * *',
      '03-28T01:30+02:00',
      ['03-28T02:00+02:00', '03-28T04:00+03:00', '03-28T05:00+03:00'],
    ],
  ])('runs %j after 2021-%s at the right times', (expression, from, wanted) => {
    const runs = runsOf(
      { kind: 'cron', expression },
      'Europe/Riga',
      Date.parse(`2021-${from}`),
      wanted.length,
    )

    expect(runs).toEqual(wanted.map((at) => Date.parse(`2021-${at}`)))
  })
})

/**
 * On 6 April 2025 clocks are put back from 2:00 to 1:30, on 5 October put forward from 2:00 to
 * 2:30.
 */
describe('cron when clocks change by half an hour on Lord Howe', () => {
  it.each([
    ['0 * * * *', '2025-04-06T01:30+11:00', ['2025-04-06T02:00+10:30', '2025-04-06T03:00+10:30']],
    ['30 * * * *', '2025-04-06T01:00+11:00', ['2025-04-06T01:30+11:00', '2025-04-06T01:30+10:30']],
    ['30 1 * * *', '2025-04-06T01:00+11:00', ['2025-04-06T01:30+11:00', '2025-04-07T01:30+10:30']],
    ['15 2 * * *', '2025-10-05T01:00+10:30', ['2025-10-05T02:30+11:00', '2025-10-06T02:15+11:00']],
    ['0 */2 * * *', '2025-04-06T01:00+11:00', ['2025-04-06T04:00+10:30']],
    [
      '*/15 2 * * *',
      '2025-04-06T01:00+11:00',
      ['2025-04-06T02:30+10:30', '2025-04-06T02:45+10:30'],
    ],
    [
      '*/15 1-2 * * *',
      '2025-04-06T01:40+10:30',
      ['2025-04-06T01:45+10:30', '2025-04-06T02:00+10:30'],
    ],
  ])('runs %j after %s at the times of the reference', (expression, from, wanted) => {
    const runs = runsOf(
      { kind: 'cron', expression },
      'Australia/Lord_Howe',
      Date.parse(from),
      wanted.length,
    )

    expect(runs).toEqual(wanted.map((at) => Date.parse(at)))
  })
})

describe('cron that a change of the clocks always skips', () => {
  it('never runs', () => {
    const everySecondSundayOfMarch = { kind: 'cron', expression: '* 2 8-14 3 */7' } as const

    expect(
      nextRunAt(everySecondSundayOfMarch, 'America/New_York', Date.parse('2026-01-01T00:00Z')),
    ).toBeUndefined()
  })
})
