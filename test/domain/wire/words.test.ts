import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  durationInWords,
  instantInWords,
  ordinal,
  shortDuration,
  shortInstant,
} from '../../../lambdas/domain/wire/words.ts'
import { hour, minute } from '../../support/builders.ts'

describe('durations', () => {
  it.each([
    [-5, 'less than a second', '0 ms'],
    [999, 'less than a second', '999 ms'],
    [1000, '1 second', '1 s'],
    [59_999, '59 seconds', '59 s'],
    [minute, '1 minute', '1 min'],
    [hour + 5 * minute + 59_000, '1 hour 5 minutes', '1 h 5 min'],
    [hour + 59_000, '1 hour', '1 h'],
    [50 * hour, '2 days 2 hours', '2 d 2 h'],
  ])('tell %i ms in their two largest units', (ms, inWords, short) => {
    expect([durationInWords(ms), shortDuration(ms)]).toEqual([inWords, short])
  })
})

describe('ordinals', () => {
  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [12, '12th'],
    [13, '13th'],
    [20, '20th'],
    [21, '21st'],
    [112, '112th'],
    [122, '122nd'],
  ])('count %i', (count, inWords) => {
    expect(ordinal(count)).toBe(inWords)
  })
})

describe('instants', () => {
  it.each([
    [
      'to the minute',
      '2026-11-22T01:00:00.250Z',
      'Europe/Riga',
      'Sun 22 Nov 2026, 03:00 Europe/Riga',
    ],
    [
      'with seconds where there are some',
      '2026-11-22T01:00:09Z',
      'Europe/Riga',
      'Sun 22 Nov 2026, 03:00:09 Europe/Riga',
    ],
    ['at midnight', '2026-09-01T00:00:00Z', 'UTC', 'Tue 01 Sep 2026, 00:00 UTC'],
    [
      'in the first pass of the repeated hour',
      '2026-10-25T00:30:00Z',
      'Europe/Riga',
      'Sun 25 Oct 2026, 03:30 Europe/Riga (UTC+3)',
    ],
    [
      'in its second pass',
      '2026-10-25T01:30:00Z',
      'Europe/Riga',
      'Sun 25 Oct 2026, 03:30 Europe/Riga (UTC+2)',
    ],
  ])('are told %s', (_, at, timeZone, expected) => {
    expect(instantInWords(Date.parse(at), timeZone)).toBe(expected)
  })

  it('are short in a list', () => {
    expect(shortInstant(Date.parse('2026-11-22T01:00:09Z'), 'Asia/Kathmandu')).toBe(
      '22 Nov 06:45:09',
    )
  })

  it('are told in every time zone that a check can have, as Intl has them', () => {
    const zones = (
      JSON.parse(readFileSync('test/data/time-zones.json', 'utf8')) as { accepted: string[] }
    ).accepted
    expect(zones.length).toBeGreaterThan(400)

    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.date({ min: new Date('2000-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }),
        (zone, date) => {
          const told = shortInstant(date.getTime(), zone)

          expect(told.replace(/ \(.*/, '')).toBe(intlInstant(date, zone))
          if (told.includes('(')) expect(told).toContain(`(${intlOffset(date, zone)})`)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['2026-11-01T02:30:00Z', 'America/St_Johns', 'UTC-2:30'],
    ['2026-04-04T14:45:00Z', 'Australia/Lord_Howe', 'UTC+11'],
    ['2026-10-25T00:30:00Z', 'Europe/London', 'UTC+1'],
    ['2026-10-25T01:30:00Z', 'Europe/London', 'UTC+0'],
  ])('tell the offset at %s in %s as Intl has it', (at, zone, offset) => {
    expect(shortInstant(Date.parse(at), zone)).toContain(` (${offset})`)
    expect(intlOffset(new Date(at), zone)).toBe(offset)
  })
})

function intlInstant(date: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const { day, month, hour, minute, second } = Object.fromEntries(
    format.formatToParts(date).map(({ type, value }) => [type, value]),
  )
  return `${day ?? ''} ${month ?? ''} ${hour ?? ''}:${minute ?? ''}:${second ?? ''}`
}

function intlOffset(date: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    timeZoneName: 'shortOffset',
  }).formatToParts(date)
  return (parts.find(({ type }) => type === 'timeZoneName')?.value ?? '').replace('GMT', 'UTC')
}
