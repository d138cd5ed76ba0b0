import fc from 'fast-check'
import { isIP } from 'node:net'
import { describe, expect, it } from 'vitest'
import { bodyOf, rootOf, sourceOf } from '../../lambdas/runtime/http.ts'
import { aRequest } from '../support/requests.ts'

const front = '192.0.2.1'
const forwarded = (address: string): ReturnType<typeof aRequest> =>
  aRequest({
    sourceIp: front,
    headers: { 'x-forwarded-for': address, 'x-forwarded-proto': 'http' },
  })

describe('the source of a request', () => {
  it('is what AWS vouches for, whatever the headers say', () => {
    const event = aRequest({
      sourceIp: '198.51.100.7',
      headers: { 'x-forwarded-for': '10.0.0.1', 'x-forwarded-proto': 'http' },
    })

    expect(sourceOf(event, undefined)).toEqual({ address: '198.51.100.7', scheme: 'https' })
    expect(sourceOf(event, front)).toEqual({ address: '198.51.100.7', scheme: 'https' })
  })

  it.each([
    ['1.1.1.1', '1.1.1.1'],
    ['1.1.1.1, 2.2.2.2', '1.1.1.1'],
    ['1.1.1.1:1234', '1.1.1.1'],
    ['2001::1', '2001::1'],
    ['[2001::1]:443', '2001::1'],
    ['::ffff:1.1.1.1', '::ffff:1.1.1.1'],
  ])('behind the trusted front is the first of %s', (header, address) => {
    expect(sourceOf(forwarded(header), front)).toEqual({ address, scheme: 'http' })
  })

  it.each(['', 'garbage', '1.1.1.1.1', '<script>', '999.1.1.1'])(
    'falls back to the front when the header holds %j',
    (header) => {
      expect(sourceOf(forwarded(header), front).address).toBe(front)
    },
  )
})

describe('the source of a request behind the distribution', () => {
  const distribution = { domain: 'ping.example.com', secrets: [] }
  const passedOn = (headers: Readonly<Record<string, string>>) =>
    aRequest({
      sourceIp: '192.0.2.99',
      headers: { 'x-forwarded-for': '10.0.0.1', 'x-forwarded-proto': 'http', ...headers },
    })

  it.each([
    ['198.51.100.7', 'https'],
    ['2001:db8::7', 'http'],
  ])('is what the distribution tells, %s over %s', (address, scheme) => {
    const event = passedOn({ 'overdue-viewer': address, 'cloudfront-forwarded-proto': scheme })

    expect(sourceOf(event, distribution)).toEqual({ address, scheme })
  })

  it.each([{}, { 'overdue-viewer': '' }, { 'overdue-viewer': '10.0.0.1,198.51.100.7' }])(
    'is its edge when it tells %j',
    (headers) => {
      expect(sourceOf(passedOn(headers), distribution)).toEqual({
        address: '192.0.2.99',
        scheme: 'https',
      })
    },
  )

  it('is not told by those headers when there is no distribution', () => {
    const event = passedOn({ 'overdue-viewer': '10.0.0.1', 'cloudfront-forwarded-proto': 'http' })

    expect(sourceOf(event, undefined)).toEqual({ address: '192.0.2.99', scheme: 'https' })
    expect(sourceOf(event, front)).toEqual({ address: '192.0.2.99', scheme: 'https' })
  })
})

describe('the root of what is served', () => {
  it('is the name that was asked for', () => {
    expect(rootOf(aRequest({}), undefined)).toBe('https://overdue.example.com')
    expect(rootOf(forwarded('1.1.1.1'), front)).toBe('http://overdue.example.com')
  })

  it('is the domain of the distribution, encrypted whatever is told', () => {
    const event = aRequest({
      headers: { 'cloudfront-forwarded-proto': 'http', host: 'evil.example.com' },
    })

    expect(rootOf(event, { domain: 'ping.example.com', secrets: [] })).toBe(
      'https://ping.example.com',
    )
  })
})

describe('a forged source', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.ipV4(),
    fc.ipV6(),
    fc.array(fc.ipV4()).map((some) => some.join(', ')),
  )

  it('is believed from nobody but the trusted front', () => {
    fc.assert(
      fc.property(text, text, fc.ipV4(), (address, scheme, peer) => {
        const headers = {
          'x-forwarded-for': address,
          'x-forwarded-proto': scheme,
          'x-real-ip': address,
          forwarded: `for=${address}`,
        }

        const source = sourceOf(
          aRequest({ sourceIp: peer, headers }),
          peer === front ? undefined : front,
        )

        expect(source).toEqual({ address: peer, scheme: 'https' })
      }),
    )
  })

  it('is an IP address all the same when it comes through the front', () => {
    fc.assert(
      fc.property(text, (address) => {
        expect(isIP(sourceOf(forwarded(address), front).address)).not.toBe(0)
      }),
    )
  })
})

describe('a body', () => {
  it('comes as bytes, encoded or not', () => {
    expect(bodyOf(aRequest({ body: 'grün' })).toString()).toBe('grün')
    expect(bodyOf(aRequest({ body: '/w==', isBase64Encoded: true }))).toEqual(Buffer.from([255]))
    expect(bodyOf(aRequest({})).length).toBe(0)
  })
})
