import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OutputTail } from '../../../bin/operate/run/tail.ts'

it('the tail of what was said is its last bytes, however they came', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.array(fc.uint8Array({ maxLength: 30 })), (capacity, said) => {
      const tail = new OutputTail(capacity)
      for (const each of said) tail.push(each)

      const all = Buffer.concat(said)
      expect(tail.bytes()).toEqual(all.subarray(Math.max(0, all.length - capacity)))
    }),
  )
})
