import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emailAddress } from '../../../lambdas/domain/people/email-address.ts'

const isOne = (text: string) => emailAddress.test(text)

describe('an e-mail address', () => {
  it.each([
    'a@b.cd',
    'ops+db@mail.example.com',
    "o'hara@example.com",
    `${'a'.repeat(64)}@example.com`,
    'A.B@EXAMPLE.COM',
  ])('is %s', (text) => {
    expect(isOne(text)).toBe(true)
  })

  it.each([
    ...[
      '',
      'ops',
      'ops@',
      '@example.com',
      'ops@example',
      'ops@example.c',
      'ops@example..com',
      'a b@example.com',
      'a@b@example.com',
    ],
    ...[
      'Ops <ops@example.com>',
      'ops@example.com, eve@example.com',
      'öps@example.com',
      'ops@exämple.com',
      '"ops"@example.com',
    ],
    ...[`${'a'.repeat(65)}@example.com`, `ops@${'a.'.repeat(125)}example`],
  ])('is not %j', (text) => {
    expect(isOne(text)).toBe(false)
  })

  it('holds nothing that is not printed, wherever it stands', () => {
    const odd = fc.constantFrom(
      '\0',
      '\n',
      '\r',
      '\t',
      '\x1b',
      '\x7f',
      '\x85',
      '\u2028',
      '\u202e',
      ' ',
      '\u00a0',
    )
    fc.assert(
      fc.property(odd, fc.nat({ max: 15 }), (character, at) => {
        expect(
          isOne(`${'ops@example.com'.slice(0, at)}${character}${'ops@example.com'.slice(at)}`),
        ).toBe(false)
      }),
    )
  })
})
