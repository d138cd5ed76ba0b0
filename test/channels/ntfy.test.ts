import { describe, expect, it } from 'vitest'
import { anAlert, deadline } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'
import { aServiceChannel, payloadOf, told } from '../support/services.ts'

const up = { flip: { status: 'up', from: 'down', downSinceAt: deadline - 600_000 } } as const

async function sent(alert: Parameters<typeof anAlert>[0] = {}, fields: object = {}) {
  const channel = aServiceChannel('ntfy', { topic: 'overdue-mKq7', ...fields })
  const { request } = await told(channel, { alert: anAlert(alert) })
  return { ...request, payload: payloadOf(request) }
}

describe('a message by ntfy', () => {
  it('is published as JSON, with a tag and a priority for each status', async () => {
    const priorities = { priority_down: 5, priority_up: 2 }
    const check = aCheck({ name: 'nightly :skull:', tags: 'prod skull', description: '*bold*' })

    expect(await sent({ check }, priorities)).toMatchObject({
      method: 'POST',
      url: 'https://ntfy.sh',
      payload: {
        topic: 'overdue-mKq7',
        title: 'DOWN | nightly :skull:',
        message: expect.stringMatching(
          /^No ping came by [^]*Tags: prod skull\n\n\*bold\*$/,
        ) as string,
        tags: ['red_circle'],
        priority: 5,
      },
    })
    expect((await sent({ check, ...up }, priorities)).payload).toMatchObject({
      title: 'UP | nightly :skull:',
      tags: ['green_circle'],
      priority: 2,
    })
  })

  it('goes to ntfy.sh as one of normal priority, unless the channel says otherwise', async () => {
    const unsaid = { server: undefined, priority_down: null, priority_up: null }

    expect(await sent({}, unsaid)).toMatchObject({
      url: 'https://ntfy.sh',
      payload: { priority: 3 },
    })
    expect((await sent(up, unsaid)).payload).toMatchObject({ priority: 3 })
    expect((await sent({}, { server: 'https://ntfy.example.com' })).url).toBe(
      'https://ntfy.example.com',
    )
  })

  it('has the token where there is one', async () => {
    expect((await sent({}, { token: 'tk_secret' })).headers).toMatchObject({
      Authorization: 'Bearer tk_secret',
    })
    expect((await sent({}, { token: null })).headers).not.toHaveProperty('Authorization')
  })

  it.each(['x', '😀', '"', 'é'])(
    'is short enough to be no attachment with a body of %s: its beginning goes first',
    async (character) => {
      const tail = `${character.repeat(30_000)} the end`
      const { body, payload } = await sent({ lastBody: { pingNumber: 1, tail } })

      expect(Buffer.byteLength(String(payload['message']))).toBeLessThan(4096)
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(8192)
      expect(Buffer.byteLength(body)).toBeGreaterThan(3500)
      expect(payload['message']).toMatch(/the end$/)
    },
  )

  it.each([
    ['topic', 'two words'],
    ['topic', 'a'.repeat(65)],
    ['token', 'tk_ä'],
    ['priority_down', 6],
    ['priority_up', 0],
    ['server', 'http://ntfy.sh'],
  ])('has no channel of the %s %s', (field, value) => {
    expect(() => aServiceChannel('ntfy', { [field]: value })).toThrow(field)
  })
})

describe('what ntfy answers', () => {
  it.each([
    ['{"code":40301,"http":403,"error":"forbidden"}', 403, { kind: 'denied' }],
    ['{"code":40101,"http":401,"error":"unauthorized"}', 401, { kind: 'denied' }],
    ['{"code":40010,"http":400,"error":"invalid request: topic name"}', 400, { kind: 'refused' }],
  ])('%s is understood', async (body, status, meaning) => {
    const { outcome } = await told(aServiceChannel('ntfy'), {}, { status, body })

    expect(outcome).toMatchObject({ ...meaning, reason: expect.stringContaining(body) as string })
  })

  it('that its limit is reached is tried again', async () => {
    const body = '{"code":42908,"http":429,"error":"limit reached: daily message quota reached"}'

    expect((await told(aServiceChannel('ntfy'), {}, { status: 429, body })).outcome).toEqual(
      new Error(`received status code 429: ${body}`),
    )
  })
})
