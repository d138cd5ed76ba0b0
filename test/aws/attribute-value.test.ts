import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { marshalled, unmarshalled } from '../../lambdas/aws/attribute-value.ts'
import type { Fields, Value } from '../../lambdas/runtime/database.ts'

/** The SDK loses what is called `__proto__`. */
const name = fc.string().filter((text) => text !== '__proto__')

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.maxSafeInteger(),
    fc.double({ min: -1e15, max: 1e15, noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(name, tie('value')),
  ),
}))
const item = fc.dictionary(name, value)

describe('an item', () => {
  it('is written as the SDK writes it, and read as the SDK reads it', () => {
    fc.assert(
      fc.property(item, (fields) => {
        const raw = marshalled(fields)

        expect(raw).toEqual(marshall(fields))
        expect(unmarshalled(raw)).toEqual(unmarshall(marshall(fields)))
      }),
    )
  })

  it('leaves out what is undefined', () => {
    expect(marshalled({ a: undefined, b: { c: undefined, d: 1 } })).toEqual({
      b: { M: { d: { N: '1' } } },
    })
  })

  it('may have a name of any kind', () => {
    const fields = JSON.parse('{"__proto__":{"constructor":"x"},"constructor":1}') as Fields

    const raw = marshalled(fields)
    const read = unmarshalled(raw)

    expect(Object.keys(raw)).toEqual(['__proto__', 'constructor'])
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    expect(JSON.stringify(read)).toBe(JSON.stringify(fields))
  })

  it.each([NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53)])('has no number %s', (number) => {
    expect(() => marshalled({ number })).toThrow(`a stored number must be safe, got ${number}`)
    expect(() => marshall({ number })).toThrow()
  })

  it.each([
    ['a set', { SS: ['x'] }],
    ['nothing at all', {}],
  ])('with %s in it is read, and shows it as it is', (_, odd) => {
    expect(unmarshalled({ odd, id: { S: 'x' } })).toEqual({ odd, id: 'x' })
  })

  it('has bytes, as a buffer of Node or as text', () => {
    const bytes = new Uint8Array([1, 2])

    expect(marshalled({ bytes: Buffer.from(bytes) })).toEqual({ bytes: { B: Buffer.from(bytes) } })
    expect(unmarshalled({ a: { B: bytes }, b: { B: 'AQI=' } })).toEqual({ a: bytes, b: bytes })
  })
})
