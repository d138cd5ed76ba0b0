import { describe, expect, it } from 'vitest'
import { parseSchedule } from '../../../lambdas/domain/schedule/schedule.ts'
import { runsOf } from '../../support/runs.ts'

describe('OnCalendar expressions', () => {
  it.each([
    ['MINUTELY'],
    ['QuarterLY'],
    ['daily Europe/Riga'],
    [' 12:34 \n 12:35\r\n'],
    ['12:34 Europe/Kiev'],
    ['*:*:*'],
    ['0/5,7,9..10:00'],
    ['00:00..30/10'],
    ['monday,Tue..thursday,Sat-Sun'],
    ['Mon,, 1:00'],
    ['Fri *-13'],
    ['2024..2026/2-1..6-1,15'],
    ['0..69/7-1-1'],
    ['*~1'],
    ['*-2~28'],
    ['*~7..14'],
    ['*~1,2,5..6'],
    ['*~7/2'],
    ['2000-01-02'],
    ['2199-12-31'],
    ['2000-01-01 00:00:01'],
  ])('accept %j', (expression) => {
    expect(parseSchedule(expression)).toEqual({ kind: 'oncalendar', expression })
  })

  it.each([
    ['', 'nothing'],
    [' \n ', 'nothing but space'],
    ['@daily', 'a nickname of cron'],
    ['fortnightly', 'no such shorthand'],
    ['daily daily', 'two shorthands'],
    ['Mon daily', 'a shorthand among others'],
    ['*', 'a star alone'],
    ['* 1-1', 'a star for a weekday'],
    ['12', 'a number alone'],
    ['24:00', 'an hour too late'],
    ['0:60', 'a minute too late'],
    ['0:0:60', 'a second too late'],
    ['1:2:3:4', 'four units of time'],
    ['12:', 'no minute'],
    [':12', 'no hour'],
    ['12:34:56.5', 'a decimal'],
    ['*:*/5', 'a step from a star'],
    ['*:*,5', 'a star in a list'],
    ['*:*..5', 'a star in a range'],
    ['*:0/0', 'a step of nothing'],
    ['*:0/', 'no step'],
    ['*:0/1/2', 'two steps'],
    ['*:1..1_0', 'an underscore'],
    ['*:5..1', 'a range backwards'],
    ['*:1..2..3', 'a range of three'],
    ['*:1-5', 'a dash for a range of numbers'],
    ['*:1,', 'nothing after a comma'],
    ['0-0', 'a month before the first'],
    ['13-1', 'a month after the last'],
    ['*-*-32', 'a day after the last'],
    ['1969-1-1', 'a year before the first'],
    ['2200-1-1', 'a year after the last'],
    ['70-1-1', 'nothing since 2000'],
    ['2000-01-01', 'nothing after the first instant of 2000'],
    ['2199-02-29', 'no leap year'],
    ['2-30', 'the 30th of February'],
    ['1-1-1-1', 'four units of a date'],
    ['1--1', 'an empty month'],
    ['1~29', 'more days from the end than a month may have'],
    ['1~0', 'the day after the last'],
    ['*-*~1,~2', 'a tilde within a list'],
    ['*-~1', 'a dash and a tilde'],
    ['~1', 'no month'],
    ['Fri..Mon 9:00', 'a week that wraps'],
    ['Sun..Mon', 'a week from Sunday'],
    ['Mon.. 12:00', 'half a range'],
    ['Mon..Tue..Wed', 'a range of three days'],
    ['Mo 12:00', 'a weekday of two letters'],
    ['Mon/2 12:00', 'a step on weekdays'],
    ['Mon Tue 12:00', 'two weekdays without a comma'],
    [', 12:00', 'a comma alone'],
    ['12:00 Mon', 'the weekday at the end'],
    ['12:00 *-1-1', 'the date behind the time'],
    ['Europe/Riga', 'a zone alone'],
    ['12:34 europe/Riga', 'a zone in other letters'],
    ['12:34 Europe/Surprise', 'no such zone'],
    ['12:34 Z', 'a letter for a zone'],
    ['12:34 UTC Europe/Riga', 'two zones'],
    ['12:34\n\n13:00', 'an empty line'],
    ['12:34\nnonsense', 'a second line that is none'],
    ['0 0 * * * *', 'cron with seconds'],
    ['* * * *', 'cron with four fields'],
  ])('refuse %j: %s', (expression) => {
    expect(parseSchedule(expression)).toBeUndefined()
  })
})

const runs = (expression: string, from: string, count: number, timeZone = 'UTC') =>
  runsOf({ kind: 'oncalendar', expression }, timeZone, Date.parse(from), count)

describe('OnCalendar runs', () => {
  it.each([
    ['2020-01-01 8..9:0:0', ['2020-01-01T08:00Z', '2020-01-01T09:00Z']],
    ['2018-01-01\n2019-01-01', []],
    ['*:*:0/5', ['2020-01-01T00:00:05Z', '2020-01-01T00:00:10Z']],
    ['*:*', ['2020-01-01T00:01Z', '2020-01-01T00:02Z']],
    ['Mon 2-29', ['2044-02-29T00:00Z', '2072-02-29T00:00Z']],
    ['*~1', ['2020-01-31T00:00Z', '2020-02-29T00:00Z', '2020-03-31T00:00Z']],
    ['*~7/3', ['2020-01-25T00:00Z', '2020-01-28T00:00Z', '2020-01-31T00:00Z', '2020-02-23T00:00Z']],
    ['*~4..8/3', ['2020-01-24T00:00Z', '2020-01-27T00:00Z', '2020-02-22T00:00Z']],
    ['Sun *~7/1', ['2020-01-26T00:00Z', '2020-02-23T00:00Z']],
    ['Fri *-13', ['2020-03-13T00:00Z', '2020-11-13T00:00Z']],
    ['25-3-1 1:2:3', ['2025-03-01T01:02:03Z']],
    ['2024/2-1-1', ['2024-01-01T00:00Z', '2026-01-01T00:00Z']],
    ['weekly', ['2020-01-06T00:00Z', '2020-01-13T00:00Z']],
    ['Sun', ['2020-01-05T00:00Z']],
    ['quarterly', ['2020-04-01T00:00Z', '2020-07-01T00:00Z']],
    ['semiannually', ['2020-07-01T00:00Z', '2021-01-01T00:00Z']],
    ['00:00\n12:34', ['2020-01-01T12:34Z', '2020-01-02T00:00Z', '2020-01-02T12:34Z']],
    ['00:00\n00:00', ['2020-01-02T00:00Z', '2020-01-03T00:00Z']],
    ['12:34 Europe/Riga', ['2020-01-01T10:34Z', '2020-01-02T10:34Z']],
    [
      '0:0 Asia/Tokyo\n0:0 America/New_York',
      ['2020-01-01T05:00Z', '2020-01-01T15:00Z', '2020-01-02T05:00Z'],
    ],
  ])('of %j are at the right times', (expression, wanted) => {
    expect(runs(expression, '2020-01-01T00:00Z', Math.max(1, wanted.length))).toEqual(
      wanted.map((at) => Date.parse(at)),
    )
  })

  it('end with the year 2199', () => {
    expect(runs('yearly', '2198-06-01T00:00Z', 2)).toEqual([Date.parse('2199-01-01T00:00Z')])
  })

  it('begin no earlier than the year 1970', () => {
    expect(runs('daily', '1960-06-01T00:00Z', 1)).toEqual([Date.parse('1970-01-01T00:00Z')])
  })
})

describe('OnCalendar when clocks change in Riga', () => {
  it.each([
    ['02:30', '2021-03-27T12:00Z', ['2021-03-28T02:30+02:00', '2021-03-29T02:30+03:00']],
    ['03:30', '2021-03-27T12:00Z', ['2021-03-29T03:30+03:00']],
    ['*:0/30', '2021-03-28T02:30+02:00', ['2021-03-28T04:00+03:00']],
    ['03:30', '2021-10-30T12:00Z', ['2021-10-31T03:30+03:00', '2021-11-01T03:30+02:00']],
    ['*:0/30', '2021-10-31T03:15+03:00', ['2021-10-31T03:30+03:00', '2021-10-31T04:00+02:00']],
    ['*:0/5', '2021-10-31T01:32Z', ['2021-10-31T04:00+02:00']],
    [
      '*-*-29 3:30',
      '2020-01-01T00:00Z',
      ['2020-01-29T03:30+02:00', '2020-02-29T03:30+02:00', '2020-04-29T03:30+03:00'],
    ],
  ])('runs %j after %s at the right times', (expression, from, wanted) => {
    expect(runs(expression, from, wanted.length, 'Europe/Riga')).toEqual(
      wanted.map((at) => Date.parse(at)),
    )
  })
})
