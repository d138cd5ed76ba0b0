import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answers } from '../../lambdas/api/answers.ts'
import { describe as describeApi } from '../../lambdas/api/openapi.ts'
import { type Operation, operations } from '../../lambdas/api/operations.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { isVerificationRequest } from '../../lambdas/domain/telling/notice.ts'
import { type ApiAnswer, makeTestApi, type Sent } from '../support/api.ts'
import { aBody, start } from '../support/builders.ts'
import { type JsonSchema, nearly, valid } from '../support/json-schemas.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>
let project: CreatedProject
/** Values that exist, for each parameter of a path. */
let known: Readonly<Record<string, readonly string[]>>

const checkCount = 25
const bound = { numRuns: 40, interruptAfterTimeLimit: 700, markInterruptAsFailure: false }
const schemas = describeApi().components.schemas as Readonly<Record<string, JsonSchema>>

beforeAll(async () => {
  api = await makeTestApi()
  project = await api.project(5000)
  const checks = await Promise.all(Array.from({ length: checkCount }, () => aPingedCheck()))
  const { json } = await api.call('GET', '/api/v3/badges/', { key: project.apiKey })
  const urls = [...JSON.stringify(json).matchAll(/\/badge\/[^/]+\/([-\w]+)\/([^"]+)"/g)]
  known = {
    version: ['v1', 'v2', 'v3'],
    id: checks.flatMap(({ uuid, key }) => [uuid, key]),
    number: ['1', '2'],
    project: [project.project.id],
    signature: urls.map(([, signature = '']) => signature),
    file: [
      ...urls.map(([, , file = '']) => file),
      ...urls.map(([, signature = '']) => `${signature}.json`),
      ...checks.map(({ badge }) => badge),
    ],
    states: ['2', '3'],
    monitor: ['7'],
    key: [project.apiKeyReadonly, project.apiKey],
    ...(await channelValues()),
    windowId: [await made('windows', window), await made('windows', window)],
  }
})
afterAll(() => api.stop())

async function aPingedCheck() {
  const json = { name: 'fuzzed', tags: 'web db@dc1', channels: '*' }
  const { uuid, ...check } = (
    await api.call('POST', '/api/v3/checks/', { key: project.apiKey, json })
  ).json
  await api.ping(uuid)
  await api.journal.putBody(
    { checkId: uuid, number: 1, at: start },
    aBody('body'),
    start / 1000 + 86_400,
  )
  const { unique_key: key } = (
    await api.call('GET', `/api/v3/checks/${uuid}`, { key: project.apiKeyReadonly })
  ).json
  return { uuid, key, badge: JSON.stringify(check).match(/[^/]+\.svg/)?.[0] ?? '' }
}

const window = { start: '2026-01-01T00:00:00Z', seconds: 600 }
const topic = { kind: 'sns', topic_arn: 'arn:aws:sns:us-east-1:123456789012:alerts' }

/**
 * Channels of all kinds, topics first; the one to be verified is not among them, so that nothing
 * but its link changes it.
 */
async function channelValues() {
  const hook = { kind: 'webhook', down: { url: 'https://example.com/$CODE' } }
  const bus = {
    kind: 'eventbridge',
    event_bus_arn: 'arn:aws:events:us-east-1:123456789012:event-bus/default',
  }
  const email = { kind: 'email', address: 'other@example.com' }
  const channelId: string[] = []
  for (const json of [topic, hook, bus, email]) channelId.push(await made('channels', json))
  const channel = await made('channels', email)
  const token = api.sent.filter(isVerificationRequest).at(-1)?.link.split('/').at(-1) ?? ''
  return { channelId, channel: [channel], token: [token] }
}

async function made(what: 'channels' | 'windows', json: object): Promise<string> {
  const { id } = (await api.call('POST', `/api/v3/${what}/`, { key: project.apiKey, json }))
    .json as unknown as { id: string }
  return id
}

function valuesOf(path: string, name: string): readonly string[] {
  const [, what] = /\/(channel|window)s\//.exec(path) ?? []
  return known[name === 'id' && what !== undefined ? `${what}Id` : name] ?? ['']
}

/** Text as URLs have it: parts that mean something there, and anything else. */
const segment = fc.oneof(
  fc.string({ maxLength: 40 }).map(encodeURIComponent),
  fc.string({ unit: 'binary-ascii', maxLength: 20 }),
  fc.constantFrom('', '%', '%ff', '%00', '..', '*', '__proto__', 'x'.repeat(4000)),
)
const queryText = fc.oneof(
  fc.webQueryParameters(),
  fc.string(),
  fc.constantFrom(
    'tag=%',
    'slug=',
    'start=&end=',
    'seconds=-1',
    'start=99999999999999',
    'seconds=1e9',
    '&&==',
    'tag=web&tag=db%40dc1',
  ),
)
/** What all objects have by these names, nobody may take for something that was sent. */
const inherited = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'toJSON',
  'then',
)
const headers = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      'accept-encoding',
      'authorization',
      'content-type',
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-metrics-key',
      'origin',
    ),
    inherited,
  ),
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('Bearer ', 'gzip', 'https', 'http', ',', 'Bearer ' + 'x'.repeat(32)),
  ),
)

function path({ path }: Operation): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const values = names.map((name) =>
    fc.oneof({ arbitrary: fc.constantFrom(...valuesOf(path, name)), weight: 9 }, segment),
  )
  return fc
    .tuple(...values)
    .map((some) => some.reduce((filled, value) => filled.replace(/\{\w+\}/, () => value), path))
}

/** Where an empty one is none. */
const goodBodies: Readonly<Partial<Record<NonNullable<Operation['body']>, object>>> = {
  ChannelFields: topic,
  CronCheckFields: { name: 'prune', cron_expression: '0 3 * * *' },
  SyncFields: { cron_checks: [{ name: 'prune', cron_expression: '0 3 * * *' }] },
  SnoozeFields: { seconds: 600 },
  WindowFields: window,
}

/** A request with which nothing is wrong, so that not only refusals are tried. */
function example({ path, method, key, body }: Operation) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => valuesOf(path, name)[0] ?? '')
  const credentials =
    key === 'read-only bearer'
      ? { headers: { authorization: `Bearer ${project.apiKeyReadonly}` } }
      : key === 'read-write bearer'
        ? { headers: { authorization: `Bearer ${project.apiKey}` } }
        : { key: project.apiKey }
  return {
    path: filled,
    query: '',
    sent: {
      ...credentials,
      ...(method === 'post' ? { json: goodBodies[body ?? 'Nothing'] ?? {} } : {}),
    },
  }
}

function query({ query }: Operation): fc.Arbitrary<string> {
  const seconds = fc.oneof(
    fc.nat().map(String),
    fc.constantFrom('', '0', '10000000000', '31536001', '-1', 'x'),
  )
  const fields = Object.keys(query?.shape ?? {}).map((name) =>
    fc.oneof(seconds, segment).map((value) => `${name}=${value}`),
  )
  return fc.oneof(
    fc.constant(''),
    queryText,
    fc.subarray(fields).chain((some) => fc.tuple(...some).map((pairs) => pairs.join('&'))),
  )
}

function sent({ body }: Operation): fc.Arbitrary<Sent> {
  const schema = schemas[body ?? ''] ?? {}
  const json = fc.oneof(
    valid(schema),
    nearly(schema),
    fc.jsonValue(),
    fc.dictionary(inherited, fc.jsonValue()),
  )
  const raw = fc.oneof(
    fc.uint8Array(),
    fc.string(),
    fc.constantFrom('{"name":"\\ud800"}', '[', 'null', `"${'x'.repeat(100_001)}"`),
  )
  const key = fc.oneof(
    { arbitrary: fc.constantFrom(project.apiKey, project.apiKeyReadonly), weight: 9 },
    fc.string({ unit: 'binary', maxLength: 33 }),
  )
  const keyed = fc.record({ key, headers })
  return fc.oneof(
    {
      arbitrary: fc.tuple(keyed, json).map(([rest, value]): Sent => ({ ...rest, json: value })),
      weight: 6,
    },
    fc.tuple(keyed, raw).map(([rest, bytes]): Sent => ({ ...rest, raw: bytes })),
    keyed,
  )
}

/** What deletes comes last. */
const ordered = operations.toSorted(
  (one, other) => Number(one.method === 'delete') - Number(other.method === 'delete'),
)

describe('whatever is sent', () => {
  it.each(
    ordered.map(
      (operation) => [operation.method.toUpperCase(), operation.path, operation] as const,
    ),
  )('%s %s answers as it is described', async (method, _, operation) => {
    const request = fc.record({
      path: path(operation),
      query: query(operation),
      sent: sent(operation),
    })
    const seen = new Set<number>()

    await fc.assert(
      fc.asyncProperty(request, async (each) => {
        const answer = await api.call(method, `${each.path}?${each.query}`, each.sent)
        seen.add(answer.status)
        expectDescribed(answer, operation, each.path)
      }),
      { ...bound, examples: [[example(operation)]] },
    )

    expect([...seen].some((status) => status in operation.answers)).toBe(true)
  })

  it('any method on any path is answered', async () => {
    const methods = fc.constantFrom(
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'TRACE',
    )
    const anyPath = fc.oneof(
      fc.array(segment).map((segments) => `/${segments.join('/')}`),
      fc.constantFrom(...operations).chain(path),
    )

    await fc.assert(
      fc.asyncProperty(methods, anyPath, queryText, headers, async (method, target, text, some) => {
        const { status } = await api.call(method, `${target}?${text}`, { headers: some })

        expect(status).toBeLessThan(500)
      }),
      { ...bound, numRuns: 300, interruptAfterTimeLimit: 2000 },
    )
  })
})

const change = encoded({
  name: 'changed',
  kind: 'email',
  address: 'changed@example.com',
  down: null,
})
/**
 * Bytes that are no JSON object: a beginning of one, one with a byte that is no text, anything
 * else.
 */
const noBody = fc.oneof(
  fc.nat().map((at) => change.subarray(0, 1 + (at % (change.length - 1)))),
  fc
    .tuple(fc.nat(), fc.integer({ min: 0x80, max: 0xff }))
    .map(([at, byte]) => change.with(at % change.length, byte)),
  fc.uint8Array().filter(isNoObject),
  fc.jsonValue().map(encoded).filter(isNoObject),
)

function encoded(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** Nothing and `null` count as an empty object. */
function isNoObject(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString().trim()
  return text !== '' && text !== 'null' && !text.startsWith('{')
}

describe('bytes that are no body', () => {
  it('are refused, and change nothing', async () => {
    const { apiKey: key, channel } = await api.project()
    const { uuid } = (await api.call('POST', '/api/v3/checks/', { key, json: {} })).json
    const [checks, channels] = ['/api/v3/checks/', '/api/v3/channels/']
    const shown = [checks, channels, channels + channel.id]
    const state = async () => [
      api.sent.length,
      ...(await Promise.all(shown.map((path) => api.call('GET', path, { key })))).map(
        ({ json }) => json,
      ),
    ]
    const paths = [
      checks,
      `${checks}${uuid}`,
      `${checks}${uuid}/pause`,
      channels,
      channels + channel.id,
      `${channels}${channel.id}/test`,
    ]
    const before = await state()

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), noBody, async (path, raw) => {
        expect(await api.call('POST', path, { key, raw })).toMatchObject({
          status: 400,
          json: { error: expect.any(String) as string },
        })
      }),
      { numRuns: 300 },
    )

    expect(await state()).toEqual(before)
  })
})

/** A failure would have been thrown: what is not caught becomes Lambda's 5xx. */
function expectDescribed(answer: ApiAnswer, operation: Operation, asked: string): void {
  expect(answer.status).toBeLessThan(500)
  const name =
    answer.status >= 400
      ? 'Error'
      : isMeant(operation, asked)
        ? operation.answers[answer.status]?.json
        : undefined
  const json: unknown = answer.json
  if (name === undefined || json === undefined) return
  // What a schema does not name, it leaves out.
  expect(answers[name].parse(json)).toEqual(json)
}

/** A parameter that is empty or `..` leads to something else. */
function isMeant({ path }: Operation, asked: string): boolean {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[-\\w]+')}$`).test(asked)
}
