import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeLimit, placeOf, stretchEnd } from '../../../lambdas/domain/people/sign-in-limits.ts'

describe('placeOf', () => {
  it.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:1:23ff::1', '2001:db8:1:2300::/56'],
    ['2001:0DB8:0001:2300:ffff:ffff:ffff:ffff', '2001:db8:1:2300::/56'],
    ['2001:db8:1:2400::1', '2001:db8:1:2400::/56'],
    ['2001:db8:1:ff::1', '2001:db8:1:0000::/56'],
    ['2001:db8::1', '2001:db8:0:0000::/56'],
    ['::1', '0:0:0:0000::/56'],
    ['fe80::1%eth0', 'fe80:0:0:0000::/56'],
    ['', 'unknown'],
    ['nonsense', 'unknown'],
  ])('puts %j into %s', (address, place) => {
    expect(placeOf(address)).toBe(place)
  })

  it('is one for all addresses of a network, and none is without', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(placeOf(address)).toMatch(/^(unknown|[\da-f.:]+\/(24|56))$/)
      }),
    )
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(255), (address, last) => {
        expect(placeOf(address.replace(/\d+$/, String(last)))).toBe(placeOf(address))
      }),
    )
  })
})

it.each([
  [0, 3_600_000],
  [3_599_999, 3_600_000],
  [3_600_000, 7_200_000],
])('ends the stretch of %d at %d', (now, end) => {
  expect(stretchEnd(placeLimit, now)).toBe(end)
})
