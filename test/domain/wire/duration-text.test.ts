import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationText, secondsIn } from '../../../lambdas/domain/wire/duration-text.ts'

describe('secondsIn', () => {
  it.each([
    ['15 min', 900],
    ['15min', 900],
    ['15 m', 900],
    [' 1 Day ', 86_400],
    ['2 weeks', 1_209_600],
    ['1h30m', 5400],
    ['1 hour 30 minutes', 5400],
    ['90 s', 90],
    ['0 s', 0],
  ])('reads %s', (text, seconds) => {
    expect(secondsIn(text)).toBe(seconds)
  })

  it.each([
    '',
    '15',
    'min',
    '15 month',
    '1.5 h',
    '-1 h',
    '5 3 * * *',
    'Mon..Fri 03:30',
    '12:34',
    `${'9'.repeat(30)} d`,
    '1 min '.repeat(20),
  ])('does not take "%s" for one', (text) => {
    expect(secondsIn(text)).toBeUndefined()
  })
})

describe('durationText', () => {
  it('names each unit that there is', () => {
    expect(durationText(90_065)).toBe('1 d 1 h 1 min 5 s')
  })

  it('is read as what it was made of', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), (seconds) => {
        expect(secondsIn(durationText(seconds))).toBe(seconds)
      }),
    )
  })
})
