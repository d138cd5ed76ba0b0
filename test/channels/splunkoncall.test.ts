import { describe, expect, it } from 'vitest'
import { anAlert, deadline } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

const up = {
  flip: { status: 'up', from: 'down', at: deadline + 9000, downSinceAt: deadline },
} as const
const url = 'https://alert.victorops.com/integrations/generic/20131114/alert/01234567-89ab'

async function sent(alert: Parameters<typeof anAlert>[0] = {}, fields: object = {}) {
  const channel = aServiceChannel('splunkoncall', { url, ...fields })
  const { request } = await told(channel, { alert: anAlert(alert) })
  return { ...request, payload: payloadOf(request) }
}

describe('an alert for Splunk On-Call', () => {
  it('is critical, then a recovery of the same entity', async () => {
    const check = aCheck({ name: 'nightly' })
    const [down, recovery] = [await sent({ check }), await sent({ check, ...up })]

    expect(down.url).toBe(`${url}/database`)
    expect(down.payload).toEqual({
      message_type: 'CRITICAL',
      entity_id: expect.stringMatching(/^[\w-]{1,512}$/) as string,
      entity_display_name: 'DOWN | nightly',
      state_message: expect.stringMatching(/^No ping came by the deadline/) as string,
      state_start_time: deadline / 1000,
      monitoring_tool: 'Overdue',
    })
    expect(recovery.payload).toMatchObject({
      message_type: 'RECOVERY',
      entity_id: down.payload['entity_id'],
      entity_display_name: 'UP | nightly',
      state_message: expect.stringMatching(/^A success ping came/) as string,
    })
  })

  it.each([url, `${url}/`, `${url}/$routing_key`, `${url}/%24routing_key`])(
    'goes to the routing key behind the URL %s',
    async (pasted) => {
      expect((await sent({}, { url: pasted })).url).toBe(`${url}/database`)
      expect((await sent({}, { url: pasted, routing_key: 'a/b c' })).url).toBe(`${url}/a%2Fb%20c`)
    },
  )

  it.each(['.', '..', 'a\nb', 'a\ud800'])(
    'takes no routing key that leads elsewhere: %j',
    (key) => {
      expect(() => aServiceChannel('splunkoncall', { url, routing_key: key })).toThrow(
        'is not the name of a key',
      )
    },
  )

  it('is no longer than its fields: the beginning of the body goes first', async () => {
    const tail = `${'x'.repeat(100_000)} the end`
    const message = String(
      (await sent({ lastBody: { pingNumber: 3, tail } })).payload['state_message'],
    )

    expect(message).toHaveLength(20_480)
    expect(message).toMatch(/the end$/)
  })
})

describe('what Splunk On-Call answers', () => {
  it.each([
    ['{"result":"success","entity_id":"x"}', 'sent'],
    ['{"result":"failure","message":"Missing fields: message_type"}', 'refused'],
    ['', 'sent'],
  ])('by %s is understood', async (body, kind) => {
    const { outcome } = await told(aServiceChannel('splunkoncall'), {}, { status: 200, body })

    expect(outcome).toMatchObject({ kind })
  })

  it('that it failed may be for what the message says: the sentence is told alone', async () => {
    const answers = [
      { status: 200, body: '{"result":"failure"}' },
      { status: 200, body: '' },
    ]
    const { outcome, requests } = await told(aServiceChannel('splunkoncall'), {}, answers)

    expect(outcome).toMatchObject({ kind: 'sent', remark: expect.any(String) as string })
    expect(requests).toHaveLength(2)
  })
})
