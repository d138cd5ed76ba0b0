import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOfSecret, secretForm } from '../../../lambdas/domain/people/secret.ts'
import { codeInWords, hashOfCode, newSignIn } from '../../../lambdas/domain/people/sign-in.ts'

const wanted = { email: 'Ana@Example.com', returnTo: '/app/', now: 1000 }

describe('newSignIn', () => {
  it('keeps hashes in the place of what opens something', () => {
    const { secrets, signIn } = newSignIn(wanted, randomBytes)

    expect(signIn).toEqual({
      email: 'ana@example.com',
      tokenHash: hashOfSecret(secrets.token),
      codeHash: hashOfCode(secrets.cookie, secrets.code),
      returnTo: '/app/',
      endsAt: 1000 + 15 * 60_000,
    })
    for (const secret of Object.values(secrets))
      expect(JSON.stringify(signIn)).not.toContain(secret)
  })

  it('makes secrets of their forms from any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const { secrets } = newSignIn(wanted, (count) => bytes.subarray(0, count))

        expect(secrets.cookie).toMatch(secretForm)
        expect(secrets.token).toMatch(secretForm)
        expect(secrets.code).toMatch(/^[2-9A-HJ-NP-Z]{8}$/)
      }),
    )
  })

  it('makes another code of each five bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(39), (bytes, bit) => {
        const other = bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
        const codeOf = (source: Uint8Array) =>
          newSignIn(wanted, (count) => source.subarray(0, count)).secrets.code

        expect(codeOf(other)).not.toBe(codeOf(bytes))
      }),
    )
  })
})

describe('hashOfCode', () => {
  it.each(['K7QM3XHB', 'K7QM-3XHB', ' k7qm 3xhb ', 'k7qm\u20133xhb'])(
    'takes %j as typed',
    (typed) => {
      expect(hashOfCode('cookie', typed)).toBe(hashOfCode('cookie', 'K7QM3XHB'))
    },
  )

  it('is another for another browser, and for another code', () => {
    expect(hashOfCode('other', 'K7QM3XHB')).not.toBe(hashOfCode('cookie', 'K7QM3XHB'))
    expect(hashOfCode('cookie', 'K7QM3XHC')).not.toBe(hashOfCode('cookie', 'K7QM3XHB'))
  })
})

it('shows a code in two parts', () => {
  expect(codeInWords('K7QM3XHB')).toBe('K7QM-3XHB')
})
