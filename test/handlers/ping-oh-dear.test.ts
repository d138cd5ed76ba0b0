import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makePingHandler, type PingDeps } from '../../lambdas/ping.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { aHeartbeat, aPing, start } from '../support/builders.ts'
import { beforeCalls } from '../support/calls.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'
import { pingDepsOn } from '../support/ping-deps.ts'
import { aRequest } from '../support/requests.ts'

let engine: TestEngine
let deps: PingDeps
let heartbeats: Heartbeats
let journal: Journal
let id: string
let requests = 0

beforeAll(async () => {
  engine = await makeTables()
  const made = pingDepsOn(engine, 10_000)
  deps = made
  ;({ heartbeats, journal } = made)
})
afterAll(() => engine.stop())
beforeEach(async () => {
  id = randomUUID()
  await heartbeats.define(id, aHeartbeat())
})

/** A request as Laravel's HTTP client sends it. */
async function send(path: string, body: string, method = 'POST') {
  requests += 1
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GuzzleHttp/7',
    'content-length': Buffer.byteLength(body).toString(),
  }
  return makePingHandler(deps)(
    aRequest({ path, method, headers, body, requestId: `request-${requests}` }),
  )
}

async function keptBody(number: number): Promise<string | undefined> {
  const body = await journal.body({ id }, number, start)
  return body && Buffer.from(body.bytes).toString()
}

const finish = '{"runtime":12.734,"exit_code":0,"memory":20971520}'

describe("a ping in Oh Dear's words", () => {
  it.each([
    ['starting', '[]', { status: 'new', running: { startedAt: start } }],
    ['finished', finish, { status: 'up', durationMs: 12_734, lastPing: { exitStatus: 0 } }],
    ['finished', '{"exit_code":3}', { status: 'down', lastPing: { exitStatus: 3 } }],
    ['failed', '{"failure_message":"no space"}', { status: 'down' }],
  ])('says how a run stands: %s %s', async (word, body, expected) => {
    expect(await send(`/${id}/${word}`, body)).toMatchObject({ statusCode: 200, body: 'OK' })

    expect(await heartbeats.read(id)).toMatchObject({ ...expected, pingCount: 1 })
  })

  it.each([`/ping/`, '/', '/%70ing/'])('may come below %s', async (prefix) => {
    expect((await send(`${prefix}${id}/failed`, '[]')).statusCode).toBe(200)

    expect((await heartbeats.read(id))?.status).toBe('down')
  })

  it('takes the length of a run from its start where there was one', async () => {
    await heartbeats.recordPing(id, aPing({ signal: 'start', at: start - 5000 }))

    await send(`/${id}/finished`, finish)

    expect((await heartbeats.read(id))?.durationMs).toBe(5000)
  })

  it.each([
    ['{"exit_code":null}', 'up', undefined],
    ['{"exit_code":"0"}', 'up', 0],
    ['{"exit_code":"7"}', 'down', 7],
    ['{"exit_code":-1}', 'down', undefined],
    ['{"exit_code":256}', 'down', undefined],
    ['{"exit_code":0.5}', 'down', undefined],
    ['{"exit_code":"none"}', 'up', undefined],
    ['{"exit_code":{}}', 'up', undefined],
    ['[]', 'up', undefined],
    ['{"exit_code":0', 'up', undefined],
    ['"finished"', 'up', undefined],
    ['null', 'up', undefined],
    ['', 'up', undefined],
    [`{"exit_code":1,"padding":"${'x'.repeat(100_000)}"}`, 'up', undefined],
  ])('finished counts, whatever its JSON is: %.30s', async (body, status, exitStatus) => {
    expect((await send(`/${id}/finished`, body)).statusCode).toBe(200)

    const heartbeat = await heartbeats.read(id)
    expect([heartbeat?.status, heartbeat?.lastPing?.exitStatus]).toEqual([status, exitStatus])
  })

  it.each(['{"exit_code":0}', '{broken', ''])(
    'failed is a failure, whatever its JSON is: %s',
    async (body) => {
      await send(`/${id}/failed`, body)

      expect((await heartbeats.read(id))?.status).toBe('down')
    },
  )

  it.each([
    ['0', undefined],
    ['0.0001', 0],
    ['"1.5"', 1500],
    ['-1', undefined],
    ['1e300', undefined],
    ['true', undefined],
  ])('measures a run by a runtime that can be one: %s', async (runtime, durationMs) => {
    await send(`/${id}/finished`, `{"runtime":${runtime}}`)

    expect((await heartbeats.read(id))?.durationMs).toBe(durationMs)
  })

  it.each([
    ['failed', '{"failure_message":"disk full: größer"}', 'disk full: größer'],
    ['failed', '{"failure_message":""}', '{"failure_message":""}'],
    ['failed', '{"failure_message":["a"]}', '{"failure_message":["a"]}'],
    ['finished', finish, finish],
    ['finished', '{"exit_code":0', '{"exit_code":0'],
    ['finished', 'null', undefined],
    ['starting', '[]', undefined],
    ['starting', '{}', undefined],
  ])('keeps its message, or else what it says: %s %s', async (word, body, expected) => {
    await send(`/${id}/${word}`, body)

    expect(await keptBody(1)).toBe(expected)
  })

  it.each([
    ['starting', '[]', ['update']],
    ['finished', '[]', ['update']],
    ['finished', finish, ['update', 'put']],
  ])('costs one write, and one for a body: %s %s', async (word, body, expected) => {
    const calls: string[] = []
    beforeCalls(engine.database, (operation) => calls.push(operation))

    await send(`/${id}/${word}`, body)

    expect(calls).toEqual(expected)
  })

  it.each(['GET', 'HEAD'])('comes by POST only, and is no ping by %s', async (method) => {
    expect((await send(`/${id}/failed`, '', method)).statusCode).toBe(404)

    expect((await heartbeats.read(id))?.pingCount).toBe(0)
  })

  it.each(['/starting/', '/Finished', '/finished/0', '/succeeded'])(
    'has no other words: %s',
    async (word) => {
      expect((await send(`/${id}${word}`, '[]')).statusCode).toBeGreaterThanOrEqual(400)

      expect((await heartbeats.read(id))?.pingCount).toBe(0)
    },
  )

  it.each(['starting', 'finished', 'failed'])(
    'leaves slugs called so to the words of Healthchecks: %s',
    async (slug) => {
      await new Lookups(engine.database, engine.names.Lookups).define(id, {
        version: 1,
        alias: { pingKey: `key-${id}`, slug },
      })

      expect((await send(`/key-${id}/${slug}`, '{"exit_code":1}')).statusCode).toBe(200)
      expect((await heartbeats.read(id))?.status).toBe('up')
    },
  )

  it('to an unknown check is answered as any ping to one', async () => {
    expect((await send(`/${randomUUID()}/finished`, finish)).statusCode).toBe(404)
  })

  it('that is sent again, because its answer got lost, still leaves how long the run took', async () => {
    await send(`/${id}/finished`, finish)
    await send(`/${id}/finished`, finish)

    expect(await heartbeats.read(id)).toMatchObject({ status: 'up', durationMs: 12_734 })
  })
})
