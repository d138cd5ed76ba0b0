import { describe, expect, it } from 'vitest'
import { type Figure, figureOf, isMet, median, ratios } from '../../bench/figure.ts'

describe('a figure', () => {
  it.each<[target: Figure['target'], value: number, met: boolean | undefined]>([
    [{ atMost: 1.05 }, 1.05, true],
    [{ atMost: 1.05 }, 1.0501, false],
    [{ atLeast: 0.7 }, 0.7, true],
    [{ atLeast: 0.7 }, 0.69, false],
    [{ atMost: 1 }, NaN, false],
    [undefined, 3, undefined],
  ])('held to %o is met by %d: %o', (target, value, met) => {
    expect(
      isMet({ name: 'a', unit: 's', value, ...(target === undefined ? {} : { target }) }),
    ).toBe(met)
  })

  it('of several rounds is their median, whatever their order, with the lowest and the highest', () => {
    expect(figureOf('a', 'ms', [10, 9, 100])).toEqual({
      name: 'a',
      unit: 'ms',
      value: 10,
      spread: [9, 100],
    })
  })
})

describe('median', () => {
  it.each([
    [[3], 3],
    [[4, 1], 2.5],
    [[9, 1, 5], 5],
    [[100, 20, 3, 1], 11.5],
  ])('of %j is %d', (samples, expected) => {
    expect(median(samples)).toBe(expected)
  })

  it('of nothing is an error', () => {
    expect(() => median([])).toThrow('no median')
  })
})

describe('ratios', () => {
  it('hold each round against the floor of the same round', () => {
    expect(ratios([10, 40], [5, 10])).toEqual([2, 4])
  })

  it('want a floor for each round', () => {
    expect(() => ratios([10, 40], [5])).toThrow('2 rounds')
  })
})
