import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { makeApiHandler } from '../../lambdas/api.ts'
import { makePingHandler } from '../../lambdas/ping.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { deployment } from '../lib/deployment.ts'
import { makeTestApi } from '../support/api.ts'
import { start } from '../support/builders.ts'
import { aPatientClock } from '../support/clock.ts'
import { edge, throughFront, type Viewer } from '../support/front.ts'
import { aRequest } from '../support/requests.ts'

const stack = deployment({ domain: 'ping.example.com', zone: 'Z0123456789' })
const secret = 's'.repeat(64)
const trustedFront = { domain: 'ping.example.com', secrets: [secret] }

let api: Awaited<ReturnType<typeof makeTestApi>>
let project: CreatedProject
let handlers: ReturnType<typeof handlersOf>

/** Both functions behind the one name, by what the distribution calls them. */
function handlersOf(
  world: typeof api,
): Readonly<
  Record<string, (event: APIGatewayProxyEventV2) => ReturnType<ReturnType<typeof makePingHandler>>>
> {
  const provision = () => Promise.reject(new Error('nothing is to be provisioned'))
  const kept = {
    unknownPings: 'open',
    bodyLimit: Infinity,
    logDays: 1,
    spill: provision,
    clock: aPatientClock(start),
    pingsPerMinute: 60,
  } as const
  return {
    'Pinging/Ping/FunctionUrl FunctionUrl': makePingHandler({
      ...world,
      ...kept,
      provision,
      trustedFront,
    }),
    'Management/Api/FunctionUrl FunctionUrl': makeApiHandler({
      ...world,
      pingEndpoint: 'https://ping.example.com',
      trustedFront,
    }),
  }
}

beforeAll(async () => {
  api = await makeTestApi()
  project = await api.project()
  handlers = handlersOf(api)
})
afterAll(() => api.stop())

let requests = 0

/** Sends a request to the one name. */
async function send(fields: Parameters<typeof aRequest>[0], viewer: Partial<Viewer> = {}) {
  requests += 1
  const numbered = { ...fields, requestId: `request-${requests}` }
  const { to, event } = throughFront(stack, secret, numbered, {
    address: '198.51.100.7',
    ...viewer,
  })
  const {
    statusCode,
    body = '',
    isBase64Encoded = false,
    headers,
  } = (await handlers[to]?.(event)) ?? {}
  return {
    status: statusCode,
    headers,
    text: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString(),
    event,
  }
}

type CheckAnswer = {
  readonly uuid: string
  readonly ping_url: string
  readonly update_url: string
  readonly badge_url: string
}

async function aCheck(): Promise<CheckAnswer> {
  const { text } = await send(
    { method: 'POST', path: '/api/v3/checks/', body: '{"channels": ""}' },
    { headers: { 'x-api-key': project.apiKey } },
  )
  return JSON.parse(text) as CheckAnswer
}

async function lastPing(id: string) {
  return (await api.heartbeats.read(id))?.lastPing
}

describe('under one name', () => {
  it('a check’s links lead to that name, and work', async () => {
    const check = await aCheck()

    expect(check.ping_url).toBe(`https://ping.example.com/${check.uuid}`)
    expect(check.update_url).toBe(`https://ping.example.com/api/v3/checks/${check.uuid}`)
    expect(check.badge_url).toMatch(/^https:\/\/ping\.example\.com\/b\/2\/[0-9a-f-]{36}\.svg$/)
    expect(await send({ path: new URL(check.ping_url).pathname })).toMatchObject({
      status: 200,
      text: 'OK',
    })
    expect(await send({ path: `/ping/${check.uuid}` })).toMatchObject({ status: 200, text: 'OK' })
    expect((await send({ path: new URL(check.badge_url).pathname })).text).toMatch(/^<svg/)
  })

  it('the description of the API names it', async () => {
    const { text } = await send({ path: '/api/v3/openapi.json' })

    expect((JSON.parse(text) as { readonly servers: unknown }).servers).toEqual([
      { url: 'https://ping.example.com' },
    ])
  })

  it('a mail that verifies an address links to it', async () => {
    const { status } = await send(
      {
        method: 'POST',
        path: '/api/v3/channels/',
        body: '{"kind": "email", "address": "dba@example.com"}',
      },
      { headers: { 'x-api-key': project.apiKey } },
    )

    expect(status).toBe(201)
    expect(JSON.stringify(api.sent.at(-1))).toMatch(
      /"link":"https:\/\/ping\.example\.com\/api\/v3\/verify\//,
    )
  })

  it.each([
    ['http', '198.51.100.7'],
    ['https', '2001:db8::7'],
  ] as const)(
    'a ping over %s is recorded with the address of its sender, %s',
    async (scheme, address) => {
      const { uuid } = await aCheck()

      await send(
        { path: `/${uuid}`, method: 'POST', body: 'log' },
        { scheme, address, headers: { 'user-agent': 'curl/8.5.0' } },
      )

      expect(await lastPing(uuid)).toMatchObject({
        address,
        scheme,
        method: 'POST',
        userAgent: 'curl/8.5.0',
        bodyBytes: 3,
      })
    },
  )

  it('a sender cannot pass for another', async () => {
    const { uuid } = await aCheck()
    const claims = Object.fromEntries(
      [
        'x-forwarded-for',
        'overdue-viewer',
        'cloudfront-viewer-address',
        'x-real-ip',
        'forwarded',
      ].map((name) => [name, '10.0.0.1']),
    )
    const repeated = { 'overdue-viewer': '10.0.0.1, 10.0.0.2' }
    const headers = {
      ...claims,
      ...repeated,
      'x-forwarded-proto': 'http',
      'cloudfront-forwarded-proto': 'http',
      'overdue-secret': 'x'.repeat(64),
    }

    const { status, event } = await send({ path: `/${uuid}` }, { headers })

    // What a function URL makes of it, so that nobody relies on it.
    expect(event.headers['x-forwarded-for']).toBe('10.0.0.1')
    expect(event.requestContext.http.sourceIp).toBe(edge)
    expect(status).toBe(200)
    expect(await lastPing(uuid)).toMatchObject({ address: '198.51.100.7', scheme: 'https' })
  })

  it('keys come through, in headers of both kinds', async () => {
    const checks = await send(
      { path: '/api/v3/checks/' },
      { headers: { 'x-api-key': project.apiKeyReadonly } },
    )
    const metrics = await send(
      { path: `/projects/${project.project.id}/metrics/` },
      { headers: { authorization: `Bearer ${project.apiKeyReadonly}` } },
    )

    expect([checks.status, metrics.status]).toEqual([200, 200])
  })
})

describe('past the one name', () => {
  const direct = [
    ['a ping', 'Pinging/Ping', { path: '/00000000-0000-4000-8000-000000000000' }],
    ['a preflight', 'Pinging/Ping', { path: '/', method: 'OPTIONS' }],
    ['a list of checks', 'Management/Api', { path: '/api/v3/checks/' }],
    ['a new check', 'Management/Api', { path: '/api/v3/checks/', method: 'POST', body: 'no JSON' }],
    ['the description', 'Management/Api', { path: '/api/v3/openapi.json' }],
  ] as const

  it.each(direct)('%s is refused, and touches no table', async (_, path, fields) => {
    const headers = {
      'x-api-key': project.apiKey,
      'overdue-secret': 'x'.repeat(64),
      host: 'ping.example.com',
      'overdue-viewer': '10.0.0.1',
    }
    // Stores that there are not: whoever looks into one fails.
    const world = { clock: api.clock } as typeof api

    const refused = await handlersOf(world)[`${path}/FunctionUrl FunctionUrl`]?.(
      aRequest({ ...fields, headers }),
    )

    expect(refused?.statusCode).toBe(403)
  })

  it('the API is open when told so, to a GET with a body as well, and leads back to the one name', async () => {
    const { uuid } = await aCheck()
    const open = makeApiHandler({
      ...api,
      pingEndpoint: 'https://ping.example.com',
      trustedFront,
      isOpen: true,
    })
    const ask = (headers: Readonly<Record<string, string>>) =>
      open(aRequest({ path: `/api/v3/checks/${uuid}`, body: 'null', headers }))

    const known = await ask({ 'x-api-key': project.apiKey, 'overdue-viewer': '10.0.0.1' })
    const unknown = await ask({})

    expect([known.statusCode, unknown.statusCode]).toEqual([200, 401])
    expect(JSON.parse(known.body ?? '')).toMatchObject({
      update_url: `https://ping.example.com/api/v3/checks/${uuid}`,
    })
  })
})
