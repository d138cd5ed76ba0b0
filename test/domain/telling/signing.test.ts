import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { renewedSecrets, signedRequest } from '../../../lambdas/domain/telling/signing.ts'
import type { HttpRequest } from '../../../lambdas/domain/telling/webhook-request.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { aDelivery, anAlert, aWebhook } from '../../support/alerts.ts'
import { aCheck, hour } from '../../support/builders.ts'

/** The verifier takes what is some minutes old, by its own clock. */
const now = Date.now()
const day = 24 * hour
const request: HttpRequest = { method: 'POST', url: 'https://x.example/', headers: {}, body: 'x' }
const delivery = aDelivery({ channel: aWebhook() })

const renewed = (before: Parameters<typeof renewedSecrets>[0], at = now) =>
  renewedSecrets(before, at, (count) => random.bytes(count))

/** Whether the owner of a secret takes a request for one of ours. */
function isTaken({ headers, body }: HttpRequest, secret = ''): boolean {
  try {
    new Webhook(secret).verify(body, { ...headers }, { jsonParse: false })
    return true
  } catch {
    return false
  }
}

describe('a signed request', () => {
  it('is taken by whoever has the secret, whatever its body is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (body) => {
        const secrets = renewed([])
        const sent = signedRequest({ ...request, body }, delivery, { secrets, now })

        expect(isTaken(sent, secrets[0]?.secret)).toBe(true)
        expect(isTaken(sent, renewed([])[0]?.secret)).toBe(false)
        expect(isTaken({ ...sent, body: `${body}!` }, secrets[0]?.secret)).toBe(false)
      }),
      { numRuns: 25 },
    )
  })

  it('keeps its other headers, and takes the place of a signature of its own', () => {
    const headers = { 'X-Job': 'a', 'Webhook-ID': 'mine', 'WEBHOOK-Signature': 'mine' }
    const sent = signedRequest({ ...request, headers }, delivery, { secrets: renewed([]), now })

    expect(sent).toEqual({
      ...request,
      headers: {
        'X-Job': 'a',
        'webhook-id': expect.stringMatching(/^msg_[0-9a-f]{32}$/) as string,
        'webhook-timestamp': Math.floor(now / 1000).toString(),
        'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/) as string,
      },
    })
  })

  it('has one id for each change that a channel is told of, and shows no UUID of a check', () => {
    const idOf = (flip: object, channel = aWebhook(), at = now) =>
      signedRequest(request, aDelivery({ alert: anAlert({ flip }), channel }), {
        secrets: renewed([], at),
        now: at,
      }).headers['webhook-id']

    expect(idOf({}, aWebhook(), now + day)).toBe(idOf({}))
    const others = [{ status: 'up' }, { count: 2 }, { at: now }, { checkId: random.uuid() }]
    const ids = [{}, ...others].map((flip) => idOf(flip))
    expect(new Set([...ids, idOf({}, { ...aWebhook(), id: random.uuid() })]).size).toBe(6)
    expect(ids.join()).not.toContain(aCheck().id.slice(0, 8))
  })
})

describe('a new secret', () => {
  it('has 32 bytes behind its prefix', () => {
    const [{ secret } = expect.unreachable()] = renewed([])

    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  })

  it('signs beside the one before it, for a day', () => {
    const before = renewed([])
    const both = renewed(before)
    const signedAt = (at: number) => signedRequest(request, delivery, { secrets: both, now: at })
    const signatures = (at: number) => signedAt(at).headers['webhook-signature']?.split(' ').length

    for (const { secret } of [...before, ...both]) expect(isTaken(signedAt(now), secret)).toBe(true)
    expect([now, now + day - 1, now + day].map(signatures)).toEqual([2, 2, 1])
  })

  it('ends no earlier one sooner, and keeps none that has ended', () => {
    const first = renewed([])
    const second = renewed(first, now)
    const third = renewed(second, now + day / 2)
    const ends = (secrets: typeof third) => secrets.map(({ until }) => until && until - now)

    expect(ends(third)).toEqual([undefined, day * 1.5, day])
    expect(ends(renewed(third, now + day))).toEqual([undefined, day * 2, day * 1.5])
  })

  it('is one of ten at most', () => {
    let secrets = renewed([])
    for (let count = 0; count < 20; count += 1) secrets = renewed(secrets)

    expect(secrets).toHaveLength(10)
  })
})
