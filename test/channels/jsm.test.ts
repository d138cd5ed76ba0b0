import { describe, expect, it } from 'vitest'
import { anAlert, deadline } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

const up = {
  flip: { status: 'up', from: 'down', at: deadline + 9000, downSinceAt: deadline },
} as const
const alerts = 'https://api.atlassian.com/jsm/ops/integration/v2/alerts'

async function sent(alert: Parameters<typeof anAlert>[0] = {}, fields: object = {}) {
  const { request } = await told(aServiceChannel('jsm', fields), { alert: anAlert(alert) })
  return { ...request, payload: payloadOf(request) }
}

describe('an alert of Jira Service Management', () => {
  it('is created with the words and the outage as its alias', async () => {
    const check = aCheck({ name: 'nightly', description: 'see the runbook' })
    const { url, headers, payload } = await sent({
      check,
      lastBody: { pingNumber: 3, tail: 'disk full' },
    })

    expect(url).toBe(alerts)
    expect(headers).toMatchObject({
      Authorization: 'GenieKey eb243592-faa2-4ba2-a551-1afdf565c889',
    })
    expect(payload).toEqual({
      message: '🔴 DOWN | nightly',
      alias: expect.stringMatching(/^[\w-]{1,512}$/) as string,
      description: expect.stringMatching(
        /^🔴 DOWN \| nightly\n\nNo ping came by [^]*see the runbook[^]*disk full$/,
      ) as string,
      entity: 'nightly',
      source: 'Overdue',
      priority: 'P2',
    })
    expect((await sent({}, { priority: null })).payload).not.toHaveProperty('priority')
  })

  it('is closed by its alias when the check is up again', async () => {
    const check = aCheck({ name: 'nightly' })
    const { payload } = await sent({ check })
    const recovery = await sent({ check, ...up })

    expect(recovery.url).toBe(`${alerts}/${String(payload['alias'])}/close?identifierType=alias`)
    expect(recovery.payload).toEqual({
      source: 'Overdue',
      note: expect.stringMatching(/^🟢 UP \| nightly\n\nA success ping came/) as string,
    })
  })

  it('has no tags of HTML in it', async () => {
    const name = '<script>x</script> <a href="//x.example">'
    const { body } = await sent({
      check: aCheck({ name, description: '<b>bold' }),
      lastBody: { pingNumber: 3, tail: '<!-- </pre>' },
    })

    const { message, description } = JSON.parse(body) as Record<string, string>
    expect(`${message} ${description}`).not.toMatch(/<[a-z/!?]/i)
    expect(message).toContain('<\u2060script>')
  })

  it('keeps within the limits of its fields: the beginning of the body goes first', async () => {
    const { payload } = await sent({
      check: aCheck({ name: '<'.repeat(100) }),
      lastBody: { pingNumber: 3, tail: `${'<'.repeat(100_000)} the end` },
    })

    expect(payload['message']).toHaveLength(130)
    expect(String(payload['description']).length).toBeLessThanOrEqual(15_000)
    expect(payload['description']).toMatch(/the end$/)
  })

  it('has a message of 130 characters, as a service of Java counts an emoji for two', async () => {
    const { payload } = await sent({ check: aCheck({ name: '💾'.repeat(100) }) })

    expect(String(payload['message']).length).toBeLessThanOrEqual(130)
    expect(payload['message']).toMatch(/^🔴 DOWN \| (💾)+…$/u)
  })

  it.each([
    ['api_key', 'two words'],
    ['priority', 'P9'],
  ])('has no channel of the %s %s', (field, value) => {
    expect(() => aServiceChannel('jsm', { [field]: value })).toThrow(field)
  })
})

describe('what Jira Service Management answers', () => {
  it.each([
    [202, 'sent'],
    [401, 'denied'],
    [403, 'denied'],
    [422, 'refused'],
  ])('by %i is understood', async (status, kind) => {
    const { outcome } = await told(aServiceChannel('jsm'), {}, { status, body: '{"message":"x"}' })

    expect(outcome).toMatchObject({ kind })
  })
})
