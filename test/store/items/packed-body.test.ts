import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keptBytes, packed, unpacked } from '../../../lambdas/store/items/packed-body.ts'

const random = randomBytes(500_000)
const text = Buffer.alloc(4_000_000, 'abcdefghij')

describe('of a body', () => {
  it.each([
    ['a text that a limit cuts', text, 10_000, 10_000],
    ['a long text', text, Infinity, 4_000_000],
    ['a long text that a limit cuts', text, 3_999_999, 3_999_999],
    ['bytes that cannot be compressed, but fit', random.subarray(0, 350_000), Infinity, 350_000],
    [
      'bytes that cannot be compressed, one too many',
      random.subarray(0, 350_001),
      Infinity,
      350_000,
    ],
    ['bytes that cannot be compressed, with a limit beyond an item', random, 400_000, 350_000],
    ['bytes that cannot be compressed, with a limit below it', random, 20, 20],
    ['nothing', Buffer.alloc(0), 10, 0],
  ])('%s so many bytes are kept', (_, body, limit, kept) => {
    expect(keptBytes(body, limit)).toBe(kept)
  })

  it('every byte is unpacked as it was packed', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(unpacked(packed(bytes))).toEqual(bytes)
      }),
    )
  })
})
