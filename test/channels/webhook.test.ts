import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { makeSender } from '../../lambdas/channels/webhook.ts'
import type { HttpRequest } from '../../lambdas/domain/telling/webhook-request.ts'
import { aDelivery, anAlert, aWebhook, deadline } from '../support/alerts.ts'

/** A sender over an internet that takes everything, and what it was sent. */
function aSender() {
  const requests: HttpRequest[] = []
  const follow = (request: HttpRequest) =>
    Promise.resolve((requests.push(request), { status: 200, body: '' }))
  return { requests, sender: makeSender({ http: { follow } }) }
}

describe('the sender of webhooks', () => {
  it('sends the request as the channel has it, unsigned where it has no secret', async () => {
    const { requests, sender } = aSender()
    const channel = aWebhook({
      method: 'PUT',
      url: 'https://example.com/?s=$STATUS',
      headers: { 'X-Name': '$NAME' },
      body: '{"n": $NAME_JSON}',
    })

    expect(await sender.send(aDelivery({ channel }), deadline)).toEqual({ kind: 'sent' })

    expect(requests).toEqual([
      {
        method: 'PUT',
        url: 'https://example.com/?s=down',
        headers: { 'X-Name': 'nightly backup' },
        body: '{"n": "nightly backup"}',
      },
    ])
  })

  it.each(['POST', 'GET'] as const)('signs by what the channel has: %s', async (method) => {
    const { requests, sender } = aSender()
    const now = Date.now()
    const secrets = ['b2xk', 'bmV3'].map((text) => `whsec_${text.repeat(8)}`)
    const signing = secrets.map((secret) => ({ secret }))
    const channel = { ...aWebhook({ method, body: '$NAME_JSON' }), signing }

    await sender.send(aDelivery({ channel }), now)

    const [{ headers, body } = expect.unreachable()] = requests
    expect(body).toBe(method === 'GET' ? '' : '"nightly backup"')
    for (const secret of secrets)
      new Webhook(secret).verify(body, { ...headers }, { jsonParse: false })
  })

  it('sends the down request once more, under another id, when a check is still down', async () => {
    const { requests, sender } = aSender()
    const signing = [{ secret: `whsec_${'b2xk'.repeat(8)}` }]
    const channel = { ...aWebhook({ body: '$NAME is $STATUS' }), signing }

    for (const told of [{}, { telling: 1 }, { telling: 2 }])
      await sender.send(aDelivery({ alert: { ...anAlert(), ...told }, channel }), deadline)

    expect(requests.map(({ body }) => body)).toEqual(Array(3).fill('nightly backup is down'))
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(3)
  })

  it('sends nothing for a status without a request', async () => {
    const { requests, sender } = aSender()
    const alert = anAlert({ flip: { status: 'up', from: 'down' } })

    const outcome = await sender.send(aDelivery({ alert, channel: aWebhook() }), deadline)

    expect(outcome).toMatchObject({ kind: 'refused' })
    expect(requests).toEqual([])
  })
})
