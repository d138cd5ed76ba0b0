import { describe, expect, it } from 'vitest'
import { fitsPattern } from '../../../../lib/local/feeds/event-pattern.ts'

const wentDown = {
  dynamodb: {
    NewImage: { s: { S: ['down'] } },
    OldImage: { s: { S: [{ 'anything-but': ['down'] }] } },
  },
}
const images = (before: string | undefined, after: string | undefined) => ({
  eventName: 'MODIFY',
  dynamodb: {
    ...(before === undefined ? {} : { OldImage: { s: { S: before } } }),
    ...(after === undefined ? {} : { NewImage: { s: { S: after } } }),
  },
})

describe('a filter of an event source', () => {
  it.each([
    ['up', 'down', true],
    ['new', 'down', true],
    ['down', 'down', false],
    ['up', 'up', false],
    [undefined, 'down', false],
    ['up', undefined, false],
  ])('on the way into down, from %s to %s, answers %s', (before, after, expected) => {
    expect(fitsPattern(wentDown, images(before, after))).toBe(expected)
  })

  it.each([
    [{ a: [{ exists: true }] }, { a: 1 }, true],
    [{ a: [{ exists: true }] }, {}, false],
    [{ a: [{ exists: false }] }, {}, true],
    [{ a: [{ prefix: 'x' }] }, { a: 'xy' }, true],
    [{ a: [{ prefix: 'y' }] }, { a: 'xy' }, false],
    [{ a: [{ suffix: 'y' }] }, { a: 'xy' }, true],
    [{ a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 'xy' }, false],
    [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
    [{ a: [{ numeric: ['>', 0, '<', 5] }] }, { a: 5 }, false],
    [{ a: [{ numeric: ['=', 5] }] }, { a: '5' }, false],
    [{ a: ['x', 'y'] }, { a: 'y' }, true],
    [{ a: ['x'] }, { a: ['w', 'x'] }, true],
    [{ a: [null] }, { a: null }, true],
    [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, true],
    [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'x' }, false],
  ])('%j of %j answers %s', (pattern, event, expected) => {
    expect(fitsPattern(pattern, event)).toBe(expected)
  })

  it('is refused when it compares in a way that is not played', () => {
    expect(() => fitsPattern({ a: [{ cidr: '10.0.0.0/8' }] }, { a: 'x' })).toThrow(
      'does not know the filter comparison cidr',
    )
  })
})
