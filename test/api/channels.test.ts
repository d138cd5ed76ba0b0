import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApiDeps } from '../../lambdas/api/app.ts'
import type { WebhookChannel } from '../../lambdas/channels/webhook.ts'
import { occasions } from '../../lambdas/domain/telling/channel.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { isVerificationRequest } from '../../lambdas/domain/telling/notice.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { makeTestApi } from '../support/api.ts'
import { minute } from '../support/builders.ts'
import { but } from '../support/but.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>
let project: CreatedProject
/** Each gets so many links. */
let address: string
const root = '/api/v3/channels/'
const down = {
  method: 'POST',
  url: 'https://example.com/$CODE',
  headers: { 'X-Token': 'secret' },
  body: '$NAME',
}

beforeAll(async () => {
  api = await makeTestApi()
})
afterAll(() => api.stop())
beforeEach(async () => {
  project = await api.project()
  api.sent.splice(0)
  address = `${random.uuid()}@example.com`
})

type Shown = Readonly<Record<string, unknown>> & { readonly id: string; readonly error: string }

async function call(method: string, path: string, json?: unknown, key = project.apiKey) {
  const answer = await api.call(method, path, { key, ...(json === undefined ? {} : { json }) })
  return {
    status: answer.status,
    text: answer.bytes.toString(),
    json: answer.json as unknown as Shown,
  }
}

const create = (fields: object) => call('POST', root, fields)

/** The path of the link that was mailed last. */
function lastLink(): string {
  const mailed = api.sent.filter(isVerificationRequest).at(-1)
  if (mailed === undefined) throw new Error('no link was mailed')
  return mailed.link.replace('https://api.example.com', '')
}

const emailed = (fields: object = {}) => create({ kind: 'email', address, ...fields })

describe('POST /channels/', () => {
  it('without a kind is what it is in the reference: not allowed', async () => {
    expect((await create({})).status).toBe(405)
    expect((await create({ kind: 'pigeon' })).json.error).toBe(
      'json validation error: kind has unexpected value',
    )
  })

  it.each([
    [
      { kind: 'webhook', name: 'hook', down },
      { down, up: null, signed: true },
    ],
    [
      { kind: 'webhook', up: { url: 'http://example.com' } },
      {
        down: null,
        up: { method: 'GET', url: 'http://example.com', headers: {}, body: '' },
        signed: true,
      },
    ],
    [
      { kind: 'sns', topic_arn: 'arn:aws:sns:us-east-1:123456789012:alerts' },
      { topic_arn: 'arn:aws:sns:us-east-1:123456789012:alerts' },
    ],
    [
      { kind: 'sns', topic_arn: 'arn:aws:sns:us-east-1:123456789012:team-a' },
      { topic_arn: 'arn:aws:sns:us-east-1:123456789012:team-a' },
    ],
    [
      {
        kind: 'eventbridge',
        event_bus_arn: 'arn:aws:events:us-east-1:123456789012:event-bus/default',
      },
      { event_bus_arn: 'arn:aws:events:us-east-1:123456789012:event-bus/default' },
    ],
    [
      { kind: 'email', address: 'new@example.com' },
      { address: 'new@example.com', verified: false, suppressed: null },
    ],
  ])('makes a channel of %j', async (fields, shown) => {
    const made = await create(fields)

    const { id } = made.json
    const expected = { name: '', on: [...occasions], ...fields, ...shown, id, last_delivery: null }
    expect(made).toMatchObject({ status: 201, json: expected })
    expect((await call('GET', root + id)).json).toEqual(expected)
    const { channels } = (await call('GET', root)).json as unknown as { channels: unknown[] }
    expect(channels).toContainEqual({ id, name: expected.name, kind: fields.kind })
  })

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'toJSON', 'then', 'length'])(
    'takes a header called %s as any other',
    async (header) => {
      const wanted = { ...down, headers: { [header]: 'x', Accept: 'y' } }

      const made = await create({ kind: 'webhook', down: wanted })

      expect(made.status).toBe(201)
      expect((await call('GET', root + made.json.id)).json['down']).toEqual(wanted)
    },
  )

  it.each(['1.5', '1e3', '60.0', '-0.0'])(
    'is not taken away by %s, which is no null',
    async (number) => {
      const { id } = (await create({ kind: 'webhook', down, up: down })).json

      const answer = await api.call('POST', root + id, {
        key: project.apiKey,
        raw: `{"down": ${number}}`,
      })

      expect(answer.status).toBe(400)
      expect((await call('GET', root + id)).json['down']).toEqual(down)
    },
  )

  it.each([
    [{ kind: 'email' }, 'address is not a string'],
    [{ kind: 'email', address: 'nobody' }, 'address is not an e-mail address'],
    [{ kind: 'email', address: 'a@b.c, d@e.f' }, 'address is not an e-mail address'],
    [{ kind: 'email', address: 'a\x1b[31m@example.com' }, 'address is not an e-mail address'],
    [{ kind: 'email', address: 'ops@example.com\u0000' }, 'address is not an e-mail address'],
    [{ kind: 'email', address: 'a@b.cd', name: 'x'.repeat(101) }, 'name is too long'],
    [{ kind: 'webhook' }, 'one of down and up is needed'],
    [{ kind: 'webhook', down: { ...down, method: 'DELETE' } }, 'down.method has unexpected value'],
    [{ kind: 'webhook', down: { ...down, body: 'x'.repeat(10_001) } }, 'down.body is too long'],
    [
      { kind: 'webhook', down: { ...down, headers: { Host: 'x' } } },
      'down.headers has a header that is set by itself',
    ],
    ...['webhook-id', 'Webhook-Timestamp', 'WEBHOOK-SIGNATURE'].map((name): [object, string] => [
      { kind: 'webhook', down: { ...down, headers: { [name]: 'x' } } },
      'down.headers has a header that is set by itself',
    ]),
    [{ kind: 'webhook', down: { url: 5 } }, 'down.url is not a string'],
    [
      JSON.parse(
        '{"kind":"webhook","down":{"url":"https://a.example","headers":{"__proto__":"x"}}}',
      ) as object,
      'no field may be called __proto__',
    ],
    [
      { kind: 'sns', topic_arn: 'arn:aws:sns:us-east-1:210987654321:alerts' },
      'topic_arn is not the ARN',
    ],
    [
      { kind: 'sns', topic_arn: 'arn:aws:sns:us-east-1:123456789012:alerts:x' },
      'topic_arn is not the ARN',
    ],
    [
      { kind: 'sns', topic_arn: 'arn:aws:sns:us-east-1:123456789012:payroll' },
      'channels may name arn:aws:sns:us-east-1:123456789012:alerts, ',
    ],
    [
      { kind: 'sns', topic_arn: 'arn:aws:sns:us-east-1:123456789012:team-*' },
      'topic_arn is not the ARN',
    ],
    [
      {
        kind: 'eventbridge',
        event_bus_arn: 'arn:aws:events:us-east-1:123456789012:event-bus/payroll',
      },
      'event_bus_arn is not the ARN',
    ],
    [{ kind: 'eventbridge', event_bus_arn: 'default' }, 'event_bus_arn is not the ARN'],
  ])('refuses %j', async (fields, error) => {
    const refused = await create(fields)

    expect(refused.status).toBe(400)
    expect(refused.json.error).toContain(error)
  })

  it.each([
    'ftp://example.com',
    'example.com',
    'javascript:alert(1)',
    'https://$NAME.example.com/',
    'https://example.com$SLUG',
    'https://$NAME@example.com/',
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://169.254.169.254/latest/',
  ])('refuses a webhook to %s', async (url) => {
    expect((await create({ kind: 'webhook', down: { url } })).json.error).toContain(
      'down.url is not the URL of a public host',
    )
  })

  it.each([
    { headers: { 'X-A': 'a\r\nX-B: b' } },
    { headers: { 'X A': 'a' } },
    { headers: { X: 5 } },
    { headers: [] },
  ])('refuses the headers of %j', async (fields) =>
    expect((await create({ kind: 'webhook', down: { ...down, ...fields } })).status).toBe(400),
  )

  it.each([
    ['application/json', '{"text": $NAME}'],
    ['application/json; charset=utf-8', '{"text": "x"'],
    ['Application/JSON', '{"text": $NAME_JSON,}'],
    ['application/vnd.api+json', '{"text": "$NAME_JSON"}'],
    ['text/json ; a=b', '{"check": "$JSON"}'],
    ['application/json', '[$BODY]'],
    ['application/json', '$TAGS'],
  ])('refuses a body that is to be %s and never is: %s', async (type, body) => {
    const wanted = { ...down, headers: { 'content-Type': type }, body }
    const { id } = (await create({ kind: 'webhook', down })).json
    const error =
      'json validation error: down.body is not JSON once its placeholders are filled in, as its Content-Type says it is'

    for (const answer of [
      await create({ kind: 'webhook', down: wanted }),
      await call('POST', root + id, { down: wanted }),
    ])
      expect(answer).toMatchObject({ status: 400, json: { error } })
  })

  it.each([
    ['POST', 'application/json; charset=utf-8', '[$EXITSTATUS, $JSON]'],
    ['POST', 'application/json', '{"text": "$NAME is $STATUS since $NOW", "tag": "$TAG1 $TAGS"}'],
    ['POST', 'application/problem+json', '{"tail": $BODY_JSON, "said": "$BODY"}'],
    ['POST', 'application/json', ''],
    ['GET', 'application/json', '$NAME'],
    ['POST', 'text/plain', '$NAME is $STATUS'],
    ['POST', 'application/jsonlines', '$NAME_JSON $JSON'],
  ])('takes a body by %s of the type %s: %s', async (method, type, body) => {
    const wanted = { ...down, method, headers: { 'Content-Type': type }, body }

    expect((await create({ kind: 'webhook', down: wanted })).status).toBe(201)
  })

  it('stops at a hundred channels', async () => {
    const { channel } = project
    for (let count = 1; count < 100; count += 1)
      await api.channels.create(project.project.id, { ...channel, id: random.uuid() })

    expect(await create({ kind: 'webhook', down })).toMatchObject({ status: 403 })
  })
})

const hook = 'https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnop'

describe('a channel of a service', () => {
  const url = hook

  it('shows the end of its secret, and keeps it when a change leaves it out', async () => {
    const made = await create({ kind: 'slack', url })
    expect(made).toMatchObject({ status: 201, json: { url: '…mnop' } })
    const changed = await call('POST', root + made.json.id, { name: 'ops', on: ['up', 'up'] })

    expect(changed).toMatchObject({ status: 200, json: { name: 'ops', url: '…mnop', on: ['up'] } })
    await call('POST', `${root}${made.json.id}/test`)
    expect(api.sent).toMatchObject([{ channel: { url, on: ['up'] } }])
  })

  it('takes no secret along to another host', async () => {
    const ntfy = { kind: 'ntfy', server: 'https://ntfy.example.com', topic: 'overdue', token: 'tk' }
    const { id } = (await create(ntfy)).json
    const change = (fields: object) => call('POST', root + id, fields)

    expect(await change({ server: 'https://other.example' })).toMatchObject({
      status: 400,
      json: { error: 'json validation error: topic is needed' },
    })
    expect((await change({ server: ntfy.server, priority_up: 2 })).status).toBe(200)
    expect(await change({ server: 'https://other.example', topic: 'mine' })).toMatchObject({
      status: 200,
      json: { topic: '…', server: 'https://other.example' },
    })
    await call('POST', `${root}${id}/test`)
    expect(api.sent.at(-1)).not.toHaveProperty('channel.token')
  })

  it.each([
    [{ url: 'http://hooks.slack.com/x' }, 'url is not the URL of a public host, by https'],
    [{ url: 'https://127.0.0.1/x' }, 'url is not the URL of a public host, by https'],
    [{ url: 'https://user:word@example.com' }, 'url is not the URL of a public host, by https'],
    [{ url: `${url} ` }, 'url has spaces in it'],
    [{ url: `${url}\u0000` }, 'url has spaces in it'],
    [{ url: 5 }, 'url is not a string'],
    [{}, 'url is needed'],
    [{ url, on: ['sideways'] }, 'on.0 is not one of down, up, still-down'],
    [{ url, on: 'down' }, 'on is not an array'],
    [{ url, on: [] }, 'on names nothing'],
  ])('is refused with %j, and the error holds no secret', async (fields, error) => {
    expect(await create({ kind: 'slack', ...fields })).toMatchObject({
      status: 400,
      json: { error: `json validation error: ${error}` },
    })
  })
})

describe('a channel', () => {
  it('is changed in what a request names', async () => {
    const { id } = (await create({ kind: 'webhook', name: 'hook', down })).json

    expect((await call('POST', root + id, { name: 'renamed' })).json).toMatchObject({
      name: 'renamed',
      down,
      up: null,
    })
    expect((await call('POST', root + id, { up: down, down: null })).json).toMatchObject({
      name: 'renamed',
      up: down,
      down: null,
    })
    expect((await call('POST', root + id, { up: null })).status).toBe(400)
    expect((await call('POST', root + id, { kind: 'email', address: 'a@b.c' })).status).toBe(400)
  })

  it('that is deleted is gone, from its checks too', async () => {
    const { id } = (await create({ kind: 'webhook', down })).json
    const other = project.channel.id
    const check = (await call('POST', '/api/v3/checks/', { channels: `${id},${other}` }))
      .json as unknown as { uuid: string }

    expect((await call('DELETE', root + id)).status).toBe(200)

    expect((await call('GET', root + id)).status).toBe(404)
    expect((await call('DELETE', root + id)).status).toBe(404)
    expect((await call('GET', `/api/v3/checks/${check.uuid}`)).json['channels']).toBe(other)
    const { checks } = (await call('GET', '/api/v3/checks/')).json as unknown as { checks: Shown[] }
    expect(checks.map(({ channels }) => channels)).toEqual([other])
    expect(
      (await call('POST', `/api/v3/checks/${check.uuid}`, { name: 'x' })).json['channels'],
    ).toBe(other)
  })

  it('is none for another project, and closed to a read-only key', async () => {
    const { id } = (await create({ kind: 'webhook', down })).json
    const stranger = await api.project()

    for (const [method, path] of [
      ['GET', root + id],
      ['POST', root + id],
      ['DELETE', root + id],
      ['POST', `${root}${id}/test`],
      ['POST', `${root}${id}/secret`],
    ] as const) {
      expect((await call(method, path, undefined, stranger.apiKey)).status, path).toBe(404)
      expect((await call(method, path, undefined, project.apiKeyReadonly)).status, path).toBe(401)
    }
    expect(
      (await call('POST', root, { kind: 'webhook', down }, project.apiKeyReadonly)).status,
    ).toBe(401)
  })

  it('shows what came of the last delivery', async () => {
    const { id } = (await create({ kind: 'webhook', down })).json
    await call('POST', `${root}${id}/test`)
    const [notice] = api.sent
    if (notice === undefined) throw new Error('no test was sent')
    const shown = async () => (await call('GET', root + id)).json['last_delivery']
    const at = '2026-01-01T00:00:00+00:00'

    await api.deliveries.markFailed(notice, {
      claimant: 'one',
      at: api.time.now,
      error: 'received status code 410',
    })
    expect(await shown()).toEqual({ at, status: 'failed', error: 'received status code 410' })
    await api.deliveries.markSent(notice, api.time.now)
    expect(await shown()).toEqual({ at, status: 'sent', error: null })
  })
})

describe('a secret that signs', () => {
  const renew = (id: string) => call('POST', `${root}${id}/secret`)
  const secretIn = ({ json }: Awaited<ReturnType<typeof call>>) => String(json['signing_secret'])

  it('is shown when its channel is made, and nowhere else', async () => {
    const made = await create({ kind: 'webhook', down })

    expect(secretIn(made)).toMatch(/^whsec_\S{44}$/)
    const { id } = made.json
    const later = [
      await call('GET', root + id),
      await call('POST', root + id, { name: 'renamed', signing_secret: 'x', signing: [] }),
      await call('POST', `${root}${id}/test`),
      await call('GET', root),
      await call('DELETE', root + id),
    ]
    for (const { text } of later) expect(text).not.toMatch(/whsec_|signing/)
    expect(api.sent).toMatchObject([{ channel: { signing: [{ secret: secretIn(made) }] } }])
  })

  it('has a successor that is shown once, and signs beside it', async () => {
    const made = await create({ kind: 'webhook', name: 'hook', down })
    const { id } = made.json

    const renewed = await renew(id)

    expect(renewed).toMatchObject({ status: 200, json: { id, name: 'hook', signed: true } })
    expect(secretIn(renewed)).not.toBe(secretIn(made))
    expect((await call('GET', root + id)).text).not.toContain('whsec_')
    expect(await api.channels.read(project.project.id, id)).toMatchObject({
      version: 2,
      signing: [
        { secret: secretIn(renewed) },
        { secret: secretIn(made), until: api.time.now + 24 * 60 * minute },
      ],
    })
  })

  it('comes to a channel from before when it asks, and not by another change', async () => {
    const { id } = (await create({ kind: 'webhook', down })).json
    const stored = (await api.channels.read(project.project.id, id)) ?? expect.unreachable()
    const { signing: _, version: __, ...before } = stored as WebhookChannel
    await api.channels.remove(project.project.id, id)
    await api.channels.create(project.project.id, before as WebhookChannel)

    expect((await call('POST', root + id, { name: 'hook' })).json).toMatchObject({ signed: false })
    const renewed = await renew(id)

    expect(renewed.json).toMatchObject({ signed: true })
    expect(secretIn(renewed)).toMatch(/^whsec_/)
  })

  it('is none of a channel that signs nothing', async () => {
    for (const { id } of [project.channel, (await create({ kind: 'slack', url: hook })).json])
      expect(await renew(id)).toMatchObject({
        status: 400,
        json: { error: expect.stringMatching(/^channels of kind \w+ have no secret/) as string },
      })
    expect((await renew(random.uuid())).status).toBe(404)
  })

  it('is not made for a channel that is changed at the same time, or can not be read', async () => {
    const { id } = (await create({ kind: 'webhook', down })).json
    const before = await api.channels.read(project.project.id, id)
    const answer = (deps: Partial<ApiDeps>) =>
      api.makeCall(deps)('POST', `${root}${id}/secret`, { key: project.apiKey })
    const read = () => Promise.resolve(before)
    const lastOutcome = () => Promise.reject(new Error('unreachable'))
    await call('POST', root + id, { name: 'renamed' })

    expect(await answer({ channels: but(api.channels, { read }) })).toMatchObject({ status: 409 })
    await expect(answer({ deliveries: but(api.deliveries, { lastOutcome }) })).rejects.toThrow()

    expect(await api.channels.read(project.project.id, id)).toMatchObject({ version: 2 })
  })

  it('is in no line of the log', async () => {
    const lines: string[] = []
    const log = (...line: unknown[]) => void lines.push(JSON.stringify(line))
    const logging = api.makeCall({ log })
    const json = { kind: 'webhook', down }
    const { id } = (await logging('POST', root, { key: project.apiKey, json }))
      .json as unknown as Shown
    await logging('POST', `${root}${id}/secret`, { key: project.apiKey })

    expect(lines).toHaveLength(2)
    expect(lines.join()).toContain('channel-secret-renewed')
    expect(lines.join()).not.toContain('whsec_')
  })
})

describe('a test', () => {
  it('is a delivery like any other, about a check that does not exist', async () => {
    const { id } = (await create({ kind: 'webhook', down: { ...down, body: '$JSON' } })).json

    expect(await call('POST', `${root}${id}/test`)).toMatchObject({ status: 202, json: { id } })

    expect(api.sent).toMatchObject([
      {
        isTest: true,
        channel: { id },
        alert: { check: { name: 'TEST' }, flip: { status: 'down' } },
        payload: { check: { name: 'TEST' } },
      },
    ])
  })

  it('tells a webhook of up that takes nothing else', async () => {
    const { id } = (await create({ kind: 'webhook', up: down })).json

    await call('POST', `${root}${id}/test`)

    expect(api.sent).toMatchObject([{ alert: { flip: { status: 'up' } } }])
  })

  it('looks as it is asked to, whatever the channel is told of', async () => {
    const { id } = (await create({ kind: 'slack', url: 'https://x.example/h', on: ['down'] })).json

    expect((await call('POST', `${root}${id}/test`, { status: 'up' })).status).toBe(202)
    expect(api.sent).toMatchObject([{ alert: { flip: { status: 'up' } } }])

    expect(await call('POST', `${root}${id}/test`, { status: 'late' })).toMatchObject({
      status: 400,
      json: { error: 'json validation error: status is not one of down, up' },
    })
  })

  it('is refused for a status that a webhook has no request for', async () => {
    const { id } = (await create({ kind: 'webhook', up: down })).json

    expect(await call('POST', `${root}${id}/test`, { status: 'down' })).toMatchObject({
      status: 400,
      json: { error: 'channel has no request for that status' },
    })
    expect(api.sent).toEqual([])
  })

  it('is one of twenty that a project may have in a minute', async () => {
    const { id } = (await create({ kind: 'webhook', down })).json
    const test = async (key = project.apiKey, channel = id) =>
      (await call('POST', `${root}${channel}/test`, undefined, key)).status
    for (let count = 0; count < 20; count += 1) expect(await test()).toBe(202)

    expect(await test()).toBe(429)
    expect(api.sent).toHaveLength(20)
    const other = await api.project()
    expect(await test(other.apiKey, other.channel.id)).toBe(202)
    api.time.now += minute
    expect(await test()).toBe(202)
    api.time.now -= minute
  })

  it('does not go to an address that is not verified', async () => {
    const { id } = (await emailed()).json
    api.sent.splice(0)

    expect(await call('POST', `${root}${id}/test`)).toMatchObject({
      status: 409,
      json: { error: 'channel is not verified' },
    })

    expect(api.sent).toEqual([])
  })
})

describe('an address', () => {
  const isVerified = async (id: string) => (await call('GET', root + id)).json['verified']

  it('is verified by the button behind the mailed link, once', async () => {
    const { id } = (await emailed()).json
    const link = lastLink()

    const shown = await api.call('GET', link)
    expect(shown.status).toBe(200)
    expect(shown.bytes.toString()).toContain(address)
    expect(shown.headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    expect(await isVerified(id)).toBe(false)
    expect((await api.call('POST', link)).status).toBe(200)

    expect(await isVerified(id)).toBe(true)
    expect((await api.call('POST', link)).status).toBe(404)
    expect((await api.call('GET', link)).status).toBe(404)
  })

  it('is not verified by another token, a late one, or that of another channel', async () => {
    const { id } = (await emailed()).json
    const link = lastLink()
    await emailed({ address: 'second@example.com' })
    const other = lastLink()
    const token = (path: string) => path.split('/').at(-1) ?? ''

    expect((await api.call('POST', link.replace(token(link), 'A'.repeat(43)))).status).toBe(404)
    expect((await api.call('POST', link.replace(token(link), token(other)))).status).toBe(404)
    api.time.now += 3 * 24 * 60 * minute
    expect((await api.call('POST', link)).status).toBe(404)
    api.time.now -= 3 * 24 * 60 * minute

    expect(await isVerified(id)).toBe(false)
  })

  it('is stored with a hash of the token only', async () => {
    const { id } = (await emailed()).json

    const stored = await api.channels.read(project.project.id, id)

    expect(JSON.stringify(stored)).not.toContain(lastLink().split('/').at(-1))
  })

  it('gets a further link when it is named again, after a while, and then the older is void', async () => {
    const { id } = (await emailed()).json
    const first = lastLink()
    expect((await call('POST', root + id, { address: address })).status).toBe(429)
    api.time.now += 10 * minute

    expect((await call('POST', root + id, { address: address })).status).toBe(200)

    api.time.now -= 10 * minute
    expect((await api.call('POST', first)).status).toBe(404)
    expect((await api.call('POST', lastLink())).status).toBe(200)
  })

  it('that bounced says so, and is lifted by a link that is asked for and followed', async () => {
    const { id, address: own } = project.channel
    const failure = {
      channelId: id,
      projectId: project.project.id,
      address: own,
      isPermanent: true,
      isOfLink: false,
      mailedAt: api.time.now,
      at: api.time.now,
    }
    await api.addresses.suppress({ ...failure, reason: 'bounce', detail: 'Permanent, General' })
    const suppressed = {
      reason: 'bounce',
      detail: 'Permanent, General',
      at: '2026-01-01T00:00:00+00:00',
    }
    expect((await call('POST', root + id, { name: 'on call' })).json).toMatchObject({
      verified: true,
      suppressed,
    })

    expect((await call('POST', root + id, { address: own })).json).toMatchObject({
      verified: false,
      suppressed: null,
    })

    await api.call('POST', lastLink())
    expect((await call('GET', root + id)).json).toMatchObject({
      name: 'on call',
      verified: true,
      suppressed: null,
    })
  })

  it('tells nothing of an address whose owner has not agreed', async () => {
    const address = 'complained@example.com'
    const failure = {
      channelId: 'other',
      projectId: 'other',
      address,
      isPermanent: true,
      isOfLink: false,
      mailedAt: 0,
      at: api.time.now,
    }
    await api.addresses.suppress({ ...failure, reason: 'complaint', detail: 'abuse' })

    const created = (await emailed({ address })).json
    const read = (await call('GET', root + created.id)).json

    expect([created, read].map(({ suppressed }) => suppressed)).toEqual([null, null])
  })

  it('gets no more links by channels that are made and deleted again, by whatever project', async () => {
    const stranger = 'stranger@example.com'
    const { id } = (await emailed({ address: stranger })).json
    await call('DELETE', root + id)
    project = await api.project()

    const again = await emailed({ address: 'Stranger+news@example.com' })

    expect(again).toMatchObject({
      status: 429,
      json: { error: expect.stringContaining('an address gets one link in ten minutes') as string },
    })
    expect(api.sent).toHaveLength(1)
  })

  it('that is verified stays so until it is another', async () => {
    const { id } = project.channel

    expect(
      (await call('POST', root + id, { name: 'on call', address: project.channel.address })).json[
        'verified'
      ],
    ).toBe(true)
    expect(api.sent).toEqual([])
    expect((await call('POST', root + id, { address: 'other@example.com' })).json['verified']).toBe(
      false,
    )
    expect(api.sent).toMatchObject([{ channel: { address: 'other@example.com' } }])
  })
})
