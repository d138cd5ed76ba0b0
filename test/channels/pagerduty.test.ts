import { describe, expect, it } from 'vitest'
import { anAlert, deadline } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

const up = {
  flip: { status: 'up', from: 'down', at: deadline + 9000, downSinceAt: deadline },
} as const

async function sent(alert: Parameters<typeof anAlert>[0] = {}, fields: object = {}) {
  const { request } = await told(aServiceChannel('pagerduty', fields), { alert: anAlert(alert) })
  return { ...request, event: payloadOf(request) }
}

describe('an event for PagerDuty', () => {
  it('triggers an incident of the outage', async () => {
    const check = aCheck({ name: 'nightly', tags: 'prod db', description: 'see the runbook' })
    const { url, event } = await sent({ check, lastBody: { pingNumber: 3, tail: 'disk full' } })

    expect(url).toBe('https://events.pagerduty.com/v2/enqueue')
    expect(event).toMatchObject({
      routing_key: 'R0123456789abcdefghijklmnopqrstu',
      event_action: 'trigger',
      client: 'Overdue',
      payload: {
        summary: expect.stringMatching(/^DOWN \| nightly: No ping came by the deadline/) as string,
        source: 'nightly',
        severity: 'critical',
        timestamp: new Date(deadline).toISOString(),
        custom_details: {
          Project: 'Home lab',
          Tags: 'prod db',
          Description: 'see the runbook',
          'End of the body of ping #3': 'disk full',
        },
      },
    })
  })

  it('resolves the incident when the check is up again', async () => {
    const [down, recovery] = [await sent(), await sent(up)]

    expect(recovery.event).toMatchObject({
      event_action: 'resolve',
      dedup_key: down.event['dedup_key'],
      payload: { summary: expect.stringMatching(/^UP \| /) as string },
    })
    expect(String(down.event['dedup_key']).length).toBeLessThanOrEqual(255)
  })

  it('goes to the region of the account, with the severity of the channel', async () => {
    const { url, event } = await sent({}, { region: 'eu', severity: 'warning' })

    expect(url).toBe('https://events.eu.pagerduty.com/v2/enqueue')
    expect(event).toMatchObject({ payload: { severity: 'warning' } })
    expect(await sent({}, { region: null, severity: null })).toMatchObject({
      url: 'https://events.pagerduty.com/v2/enqueue',
      event: { payload: { severity: 'critical' } },
    })
  })

  it('is no larger than PagerDuty takes: the beginning of the body goes first', async () => {
    const tail = `${'😀"'.repeat(200_000)} the end`
    const { body } = await sent({ lastBody: { pingNumber: 3, tail } })

    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(512 * 1024)
    expect(body).toContain('the end')
  })

  it.each([
    ['routing_key', 'R0123'],
    ['region', 'asia'],
    ['severity', 'bad'],
  ])('has no channel of the %s %s', (field, value) => {
    expect(() => aServiceChannel('pagerduty', { [field]: value })).toThrow(field)
  })
})

describe('what PagerDuty answers', () => {
  it.each([
    ['{"status":"Unrecognized object","message":"Invalid routing key"}', 'denied'],
    [
      '{"status":"invalid event","message":"Event object is invalid","errors":["\'routing_key\' is blank"]}',
      'denied',
    ],
    [
      '{"status":"invalid event","message":"Event object is invalid","errors":["JSON parse error"]}',
      'refused',
    ],
    ['{"error":"no routing key"}', 'refused'],
  ])('to a request it refuses, %s, is understood', async (body, kind) => {
    const { outcome } = await told(aServiceChannel('pagerduty'), {}, { status: 400, body })

    expect(outcome).toMatchObject({ kind })
  })

  it('202 is taken', async () => {
    const { outcome } = await told(aServiceChannel('pagerduty'), {}, { status: 202, body: '{}' })

    expect(outcome).toEqual({ kind: 'sent' })
  })
})
