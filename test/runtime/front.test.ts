import { afterEach, describe, expect, it, vi } from 'vitest'
import { isAdmitted, readFront } from '../../lambdas/runtime/front.ts'
import { aRequest } from '../support/requests.ts'

const [newest, older] = ['n'.repeat(64), 'o'.repeat(64)] as const
const front = { domain: 'ping.example.com', secrets: [newest, older] }
const carrying = (secret: string) => aRequest({ headers: { 'overdue-secret': secret } })

describe('behind a distribution', () => {
  it.each([newest, older])('who carries one of its secrets is let in', (secret) => {
    expect(isAdmitted(carrying(secret), front)).toBe(true)
  })

  it.each(['', newest.slice(1), `${newest}n`, `${newest},${older}`, 'N'.repeat(64)])(
    'who carries %j is not',
    (secret) => {
      expect(isAdmitted(carrying(secret), front)).toBe(false)
    },
  )

  it('who carries none is not, from wherever', () => {
    expect(isAdmitted(aRequest({}), front)).toBe(false)
    expect(
      isAdmitted(
        aRequest({
          headers: { host: 'ping.example.com', via: '1.1 abc.cloudfront.net (CloudFront)' },
        }),
        front,
      ),
    ).toBe(false)
  })
})

describe('without a distribution', () => {
  it.each([undefined, '192.0.2.1'])('everybody is let in, with the front %j', (proxy) => {
    expect(isAdmitted(aRequest({}), proxy)).toBe(true)
  })
})

describe('the front that the stack tells of', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it.each([
    [{}, undefined],
    [{ TRUSTED_FRONT: '192.0.2.1' }, '192.0.2.1'],
    [
      { DOMAIN: 'ping.example.com', FRONT_SECRETS: newest },
      { domain: 'ping.example.com', secrets: [newest] },
    ],
    [{ DOMAIN: 'ping.example.com', FRONT_SECRETS: `${newest},${older}` }, front],
  ])('by %j', (env, expected) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)

    expect(readFront()).toEqual(expected)
  })

  it.each([
    ['', /FRONT_SECRETS is not set/],
    [`${newest},`, /holds what is no secret/],
    ['short', /holds what is no secret/],
  ])('stops the function when its secrets are %j', (secrets, error) => {
    vi.stubEnv('DOMAIN', 'ping.example.com')
    vi.stubEnv('FRONT_SECRETS', secrets)

    expect(readFront).toThrow(error)
  })
})
