import { marshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, it } from 'vitest'
import { itemBytes } from '../../bench/item-bytes.ts'

describe('itemBytes', () => {
  it.each([
    [{ id: 'abc' }, 2 + 3],
    [{ né: 'ü' }, 3 + 2],
    [{ n: 1 }, 1 + 2],
    [{ n: -1200 }, 1 + 3],
    [{ n: 1767225600000 }, 1 + 5],
    [{ b: true }, 1 + 1],
    [{ m: { a: 'x' } }, 1 + 3 + 1 + 2],
    [{ l: ['x', 'y'] }, 1 + 3 + 2 + 2],
    [{ y: new Uint8Array(10) }, 1 + 10],
  ])('of %j is %d', (item, bytes) => {
    expect(itemBytes(marshall(item))).toBe(bytes)
  })
})
