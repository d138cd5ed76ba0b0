import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Heartbeat } from '../../lambdas/domain/heartbeat.ts'
import { makePingHandler, type PingDeps } from '../../lambdas/ping.ts'
import { Heartbeats } from '../../lambdas/store/heartbeats.ts'
import { Journal } from '../../lambdas/store/journal.ts'
import { aHeartbeat, start } from '../support/builders.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'
import { aRequest } from '../support/requests.ts'

let engine: TestEngine
let deps: PingDeps
let id: string
let requests = 0

beforeAll(async () => {
  engine = await makeTables()
  const heartbeats = new Heartbeats(engine.client, engine.names.Heartbeats)
  const journal = new Journal(engine.client, engine.names.Journal)
  deps = { heartbeats, journal, clock: { now: () => start }, dialect: 'open', bodyLimit: 10, logDays: 1, trustedFront: undefined }
})
afterAll(() => engine.stop())
beforeEach(async () => {
  id = randomUUID()
  await stores().heartbeats.define(id, aHeartbeat())
})

function stores(): { readonly heartbeats: Heartbeats; readonly journal: Journal } {
  return { heartbeats: new Heartbeats(engine.client, engine.names.Heartbeats), journal: new Journal(engine.client, engine.names.Journal) }
}

async function send(path: string, fields: Parameters<typeof aRequest>[0] = {}, own: Partial<PingDeps> = {}) {
  requests += 1
  return makePingHandler({ ...deps, ...own })(aRequest({ path, requestId: `request-${requests}`, ...fields }))
}

async function stored(): Promise<Heartbeat | undefined> {
  return stores().heartbeats.read(id)
}

describe('a ping', () => {
  it('is recorded and answered with OK, uncacheable and for every origin', async () => {
    const answer = await send(`/${id}`, { headers: { 'user-agent': 'curl/8' } })

    expect(answer).toMatchObject({ statusCode: 200, body: 'OK' })
    expect(answer.headers).toMatchObject({
      'Access-Control-Allow-Origin': '*',
      'Ping-Body-Limit': '10',
      'Cache-Control': 'max-age=0, no-cache, no-store, must-revalidate, private',
    })
    const expected = { type: 'success', method: 'GET', scheme: 'https', address: '198.51.100.7', userAgent: 'curl/8', bodyBytes: 0 }
    expect(await stored()).toMatchObject({ status: 'up', pingCount: 1, lastPing: expected })
  })

  it.each([
    ['/start', { running: { startedAt: start } }],
    ['/fail', { status: 'down' }],
    ['/log', { status: 'new' }],
    ['/3', { status: 'down', lastPing: { exitStatus: 3 } }],
    ['/0', { status: 'up', lastPing: { exitStatus: 0 } }],
  ])('to %s means what it says', async (verb, expected) => {
    await send(`/ping/${id}${verb}`)

    expect(await stored()).toMatchObject(expected)
  })

  it.each(['HEAD', 'POST'])('may come by %s', async (method) => {
    expect((await send(`/${id}`, { method })).statusCode).toBe(200)
    expect((await stored())?.lastPing?.method).toBe(method)
  })

  it.each(['PUT', 'PATCH', 'DELETE'])('may not come by %s', async (method) => {
    expect(await send(`/${id}`, { method })).toMatchObject({ statusCode: 405, headers: { Allow: 'GET, HEAD, POST, OPTIONS' } })
    expect((await stored())?.pingCount).toBe(0)
  })

  it('is not what a preflight is', async () => {
    expect(await send(`/${id}`, { method: 'OPTIONS' })).toMatchObject({ statusCode: 204, headers: { 'Access-Control-Allow-Origin': '*' } })
    expect((await stored())?.pingCount).toBe(0)
  })

  it('keeps its run ID in lower case', async () => {
    await send(`/${id}/start`, { query: `rid=${id.toUpperCase()}` })

    expect((await stored())?.running?.runId).toBe(id)
  })

  it.each([
    ['/256', '', 'invalid url format'],
    ['', 'rid=12345', 'invalid uuid format'],
    ['', 'rid=', 'invalid uuid format'],
  ])('to %s?%s is refused and recorded nowhere', async (verb, query, body) => {
    expect(await send(`/${id}${verb}`, { query })).toMatchObject({ statusCode: 400, body, headers: { 'Access-Control-Allow-Origin': '*' } })
    expect(await stored()).toEqual(aHeartbeat({ id }))
  })

  it.each(['/256', '?rid=1', ''])('to an unknown check is unknown before it is anything else: %s', async (rest) => {
    const [path = '', query = ''] = rest.split('?')

    expect(await send(`/${randomUUID()}${path}`, { query })).toMatchObject({ statusCode: 404, body: 'not found' })
  })

  it.each([
    ['open', 404, 'not found'],
    ['hosted', 200, 'OK (not found)'],
    ['strict', 401, 'not authorized'],
  ] as const)('to an unknown check is answered in the %s dialect with %i', async (dialect, statusCode, body) => {
    expect(await send(`/${randomUUID()}`, {}, { dialect })).toMatchObject({ statusCode, body })
  })

  it('sent again with the same request ID is counted once', async () => {
    await send(`/${id}`, { requestId: 'same' })
    await send(`/${id}`, { requestId: 'same' })

    expect((await stored())?.pingCount).toBe(1)
  })

  it('keeps two hundred characters of a user agent, whatever they are', async () => {
    await send(`/${id}`, { headers: { 'user-agent': '\ud83d'.repeat(300) } })

    const { userAgent = '' } = (await stored())?.lastPing ?? {}
    expect(Buffer.byteLength(userAgent)).toBeLessThanOrEqual(300)
    expect(userAgent.isWellFormed()).toBe(true)
  })
})

describe('the body of a ping', () => {
  it('is kept up to the limit, under the number of the ping', async () => {
    await send(`/${id}`)
    await send(`/${id}`, { method: 'POST', body: '0123456789abc' })

    expect(Buffer.from((await stores().journal.body(id, 2, start)) ?? []).toString()).toBe('0123456789')
    expect((await stored())?.lastPing?.bodyBytes).toBe(10)
  })

  it('is kept whole without a limit, which then is not announced', async () => {
    const answer = await send(`/${id}`, { method: 'GET', body: 'x'.repeat(20) }, { bodyLimit: Infinity })

    expect(answer.headers).not.toHaveProperty('Ping-Body-Limit')
    expect((await stores().journal.body(id, 1, start))?.length).toBe(20)
  })

  it('that cannot be kept does not fail the ping', async () => {
    const journal = { putBody: () => Promise.reject(new Error('throttled')) }

    expect((await send(`/${id}`, { method: 'POST', body: 'x' }, { journal })).statusCode).toBe(200)
    expect((await stored())?.pingCount).toBe(1)
  })
})
