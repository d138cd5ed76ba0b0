import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeKeys } from '../../../lambdas/domain/people/api-key.ts'

const characters = 28

describe('keys', () => {
  it('have the forms that clients know', () => {
    const keys = makeKeys((count) => randomBytes(count))

    expect(keys.apiKey).toMatch(/^hcw_[a-zA-Z0-9]{28}$/)
    expect(keys.apiKeyReadonly).toMatch(/^hcr_[a-zA-Z0-9]{28}$/)
    expect(keys.pingKey).toMatch(/^[a-z0-9]{22}$/)
  })

  it('use each character for equally many bytes, and no other bytes', () => {
    const counts = new Map<string, number>()
    for (let byte = 0; byte < 256; byte += 1) {
      // The byte in question, then nothing but the first of the alphabet.
      let isFirst = true
      const { apiKey } = makeKeys((count) => {
        const bytes = new Uint8Array(count)
        if (isFirst) bytes[0] = byte
        isFirst = false
        return bytes
      })
      const character = apiKey.charAt('hcw_'.length)
      counts.set(character, (counts.get(character) ?? 0) + 1)
    }

    const refused = 256 % 62
    expect(counts.size).toBe(62)
    expect(counts.get('a')).toBe(4 + refused)
    expect(
      [...counts].filter(([character]) => character !== 'a').every(([, count]) => count === 4),
    ).toBe(true)
  })

  it('are complete whatever comes first from the source', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: characters, maxLength: characters }), (first) => {
        let draws = 0
        const { apiKey } = makeKeys((count) => (draws++ === 0 ? first : randomBytes(count)))

        expect(apiKey).toMatch(/^hcw_[a-zA-Z0-9]{28}$/)
      }),
    )
  })

  it('are not made from a source that is stuck', () => {
    expect(() => makeKeys((count) => new Uint8Array(count).fill(255))).toThrow('no fair byte')
  })
})
