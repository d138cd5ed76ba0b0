import fc from 'fast-check'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { acceptedCodings, type Coding } from '../../lambdas/runtime/content-coding.ts'
import { resultOf } from '../../lambdas/runtime/function-url.ts'
import { LONGEST_ANSWER_BYTES } from '../../lambdas/runtime/http.ts'

describe('Accept-Encoding', () => {
  it.each<readonly [string, readonly Coding[]]>([
    ['', ['identity']],
    ['br', ['identity']],
    ['gzip', ['gzip', 'identity']],
    ['gzip, deflate, br', ['gzip', 'identity']],
    ['gzip;q=1.0,deflate;q=0.6,identity;q=0.3', ['gzip', 'identity']],
    ['gzip;q=0.5, identity', ['identity', 'gzip']],
    ['x-gzip ; Q=0.2', ['gzip', 'identity']],
    ['GZIP', ['gzip', 'identity']],
    ['*', ['gzip', 'identity']],
    ['gzip;q=0', ['identity']],
    ['gzip;q=0, *', ['identity']],
    ['gzip;q=0.000', ['identity']],
    ['*;q=0, gzip', ['gzip']],
    ['identity;q=0, gzip', ['gzip']],
    ['identity;q=0, *', ['gzip']],
    ['*;q=0, identity;q=0.5', ['identity']],
    ['identity;q=0', []],
    ['*;q=0', []],
    ['sdch, gzipped, not-gzip', ['identity']],
  ])('%j takes %j', (header, codings) => {
    expect(acceptedCodings(header)).toEqual(codings)
  })

  it('takes any header', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(['', 'gzip', 'identity', 'gzip identity', 'identity gzip']).toContain(
          acceptedCodings(header).join(' '),
        )
      }),
    )
  })
})

describe('an answer', () => {
  const json = (body: string) =>
    new Response(body, { headers: { 'content-type': 'application/json' } })
  const both: readonly Coding[] = ['gzip', 'identity']
  /** As JSON it has two bytes more a quote, and some 120 around it. */
  const large = JSON.stringify('x'.repeat(LONGEST_ANSWER_BYTES))

  it('that is short goes out as it is, unless that is refused', async () => {
    expect(await resultOf(both, json('{}'))).toMatchObject({ body: '{}' })

    const { body = '', ...rest } = await resultOf(['gzip'], json('{}'))
    expect(rest).toMatchObject({
      headers: { 'content-encoding': 'gzip', vary: 'Accept-Encoding' },
      isBase64Encoded: true,
    })
    expect(gunzipSync(Buffer.from(body, 'base64')).toString()).toBe('{}')
  })

  it('that is long goes out as the client prefers', async () => {
    const long = json(JSON.stringify('x'.repeat(60_000)))

    expect((await resultOf(['identity', 'gzip'], long.clone())).headers).toEqual({
      'content-type': 'application/json',
      vary: 'Accept-Encoding',
    })
    expect((await resultOf(both, long)).headers).toMatchObject({ 'content-encoding': 'gzip' })
  })

  it('that Lambda would not send as it is goes out compressed to whoever takes that', async () => {
    expect(await resultOf(['identity', 'gzip'], json(large))).toMatchObject({
      statusCode: 200,
      headers: { 'content-encoding': 'gzip' },
    })
  })

  it('that Lambda would not send is refused with the way out', async () => {
    const result = await resultOf(['identity'], json(large))

    expect(result).toMatchObject({
      statusCode: 406,
      headers: { 'content-type': 'application/json' },
    })
    expect(result.body).toMatch(
      /too large, 6291458 bytes: take gzip by Accept-Encoding, or ask for fewer checks/,
    )
  })

  it('is measured as Lambda does, with all that is escaped in it', async () => {
    const quotes = json(JSON.stringify('"'.repeat(LONGEST_ANSWER_BYTES / 3)))

    expect(await resultOf(['identity'], quotes)).toMatchObject({ statusCode: 406 })
  })
})
