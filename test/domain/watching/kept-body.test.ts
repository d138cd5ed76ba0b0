import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutInWords, keptBody, lengthsOf } from '../../../lambdas/domain/watching/kept-body.ts'

describe('what is kept of a body', () => {
  it('is its first bytes as they came, and how many there were', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.oneof(fc.nat({ max: 20 }), fc.constant(Infinity)),
        (received, limit) => {
          const { bytes, receivedBytes } = keptBody(received, lengthsOf(received.length, limit))

          expect(bytes).toEqual(received.slice(0, limit))
          expect(receivedBytes).toBe(received.length)
        },
      ),
    )
  })

  it('is told where it is not all', () => {
    expect(cutInWords({ bytes: new Uint8Array(10_000), receivedBytes: 1_043_120 })).toBe(
      'the first 10,000 of 1,043,120 bytes',
    )
    expect(cutInWords({ bytes: new Uint8Array(999), receivedBytes: 1000 })).toBe(
      'the first 999 of 1,000 bytes',
    )
    expect(cutInWords({ bytes: new Uint8Array(10), receivedBytes: 10 })).toBeUndefined()
  })
})
