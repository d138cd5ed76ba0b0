import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import { afterPing } from '../../lambdas/domain/watching/after-ping.ts'
import { makePingHandler, type PingDeps } from '../../lambdas/ping.ts'
import { aHeartbeat, start } from '../support/builders.ts'
import { aRequest } from '../support/requests.ts'

/** Checks, the calls for them, and one instance of the function with its memory. */
let stored: Map<string, Heartbeat>
let aliases: Map<string, string>
let calls: ('write' | 'read')[]
let now: number
let warned: unknown[]
let handler: ReturnType<typeof makePingHandler>
let requests = 0

beforeEach(() => {
  stored = new Map()
  aliases = new Map()
  calls = []
  now = start
  warned = []
  handler = anInstance()
  vi.spyOn(console, 'warn').mockImplementation((line) => warned.push(line))
})
afterEach(() => vi.restoreAllMocks())

const heartbeats: PingDeps['heartbeats'] = {
  recordPing: async (id, ping, readBodyType) => {
    calls.push('write')
    const before = stored.get(id)
    if (before === undefined) return 'missing'
    const after = afterPing(before, ping, before.hasBodyRules ? await readBodyType?.() : undefined)
    stored.set(id, after)
    const countsEnds = after.status === 'up' && after.rules?.mostPings !== undefined
    return { number: after.pingCount, countsEnds }
  },
  isKnown: (id) => Promise.resolve((calls.push('read'), stored.has(id))),
}

function anInstance(own: Partial<PingDeps> = {}) {
  const bodyRules = {
    startKeywords: '',
    successKeywords: 'OK',
    failureKeywords: 'ERR',
    defaultFail: false,
  }
  return makePingHandler({
    heartbeats,
    journal: { putBody: () => Promise.resolve() },
    lookups: {
      checksBehind: ({ slug }) =>
        Promise.resolve([aliases.get(slug) ?? ''].filter((id) => id !== '')),
      bodyRules: () => Promise.resolve(bodyRules),
      isPingKey: () => Promise.resolve(false),
    },
    provision: () => expect.unreachable(),
    spill: () => expect.unreachable(),
    clock: { now: () => now, waitUntil: () => new Promise(() => undefined) },
    unknownPings: 'open',
    bodyLimit: 100,
    logDays: 1,
    trustedFront: undefined,
    pingsPerMinute: 60,
    ...own,
  })
}

async function send(path: string, fields: Parameters<typeof aRequest>[0] = {}) {
  requests += 1
  return handler(aRequest({ path, requestId: `request-${requests}`, ...fields }))
}

/** How many of so many equal pings are answered with which status code. */
async function flood(path: string, times: number, fields: Parameters<typeof aRequest>[0] = {}) {
  const codes: Record<string, number> = {}
  for (let index = 0; index < times; index += 1) {
    const code = String((await send(path, fields)).statusCode)
    codes[code] = (codes[code] ?? 0) + 1
  }
  return codes
}

function aCheck(fields: Partial<Heartbeat> = {}): string {
  const id = randomUUID()
  stored.set(id, aHeartbeat({ id, ...fields }))
  return id
}

describe('a runaway client', () => {
  it('is told to slow down, and costs no call to anything from then on', async () => {
    const id = aCheck()
    expect(await flood(`/${id}`, 600)).toEqual({ 200: 600 })
    calls = []

    expect(await flood(`/${id}`, 100)).toEqual({ 429: 100 })
    expect(calls).toEqual([])
    const answer = await send(`/${id}`)
    expect(answer).toMatchObject({
      body: 'too many pings',
      headers: { 'Retry-After': '1', 'Access-Control-Allow-Origin': '*' },
    })
    expect(stored.get(id)?.pingCount).toBe(600)
  })

  it('harms no other check, and nothing else that its own says', async () => {
    const [id, other] = [aCheck(), aCheck()]
    await flood(`/${id}`, 610)

    expect(await flood(`/${other}`, 1)).toEqual({ 200: 1 })
    expect(await flood(`/${id}/fail`, 1)).toEqual({ 200: 1 })
    expect(stored.get(id)?.status).toBe('down')
    expect(await flood(`/${id}`, 1)).toEqual({ 200: 1 })
    expect(stored.get(id)?.status).toBe('up')
  })

  it('is heard once a second', async () => {
    const id = aCheck()
    await flood(`/${id}`, 610)

    for (let second = 1; second <= 3; second += 1) {
      now = start + second * 1000
      expect(await flood(`/${id}`, 5)).toEqual({ 200: 1, 429: 4 })
    }
    expect(stored.get(id)?.lastPingAt).toBe(start + 3000)
  })

  it('leaves a line in the log once a minute, with the check and no key', async () => {
    const id = aCheck()
    aliases.set(`job-${id}`, id)
    await flood(`/secret-key/job-${id}`, 650)
    now += 500
    await flood(`/secret-key/job-${id}`, 10)

    expect(warned).toEqual([{ event: 'pings-limited', check: id, count: 1 }])
    now = start + 61_000
    await flood(`/secret-key/job-${id}`, 700)
    expect(warned).toHaveLength(2)
    expect(JSON.stringify(warned)).not.toContain('secret-key')
  })

  it('is told apart by its bodies where they decide, and only there', async () => {
    const [ruled, plain] = [aCheck({ hasBodyRules: true }), aCheck()]
    for (const id of [ruled, plain]) await flood(`/${id}`, 610, { method: 'POST', body: 'OK' })

    expect(await flood(`/${ruled}`, 1, { method: 'POST', body: 'ERR' })).toEqual({ 200: 1 })
    expect(stored.get(ruled)?.status).toBe('down')
    expect(await flood(`/${plain}`, 1, { method: 'POST', body: 'ERR' })).toEqual({ 429: 1 })
  })

  it('is forgotten with its check, whatever name it used', async () => {
    const id = aCheck()
    const heartbeat = aHeartbeat({ id })
    aliases.set('job', id)
    for (const path of [`/${id}`, '/key/job']) {
      await flood(path, 600)
      now += 1000
      stored.delete(id)
      expect(await flood(path, 1)).toEqual({ 404: 1 })
      stored.set(id, heartbeat)

      expect(await flood(path, 600)).toEqual({ 200: 600 })
    }
  })

  it('is heard each time while its check counts ends and is up, and as any other once down', async () => {
    const rules = { mostPings: { count: 100, seconds: 60 }, failures: { count: 2, of: 20 } }
    const id = aCheck({ rules: { mostPings: { count: 650, seconds: 60 } } })
    const tolerant = aCheck({ rules })

    expect(await flood(`/${id}`, 660)).toEqual({ 200: 651, 429: 9 })
    expect(stored.get(id)?.status).toBe('down')
    expect(await flood(`/${tolerant}/start`, 610)).toEqual({ 200: 600, 429: 10 })
    expect(await flood(`/${tolerant}`, 102)).toEqual({ 200: 102 })
    expect(stored.get(tolerant)?.status).toBe('down')
  })

  it('is heard each time only as long as its check counts ends', async () => {
    const id = aCheck({ rules: { mostPings: { count: 1000, seconds: 60 } } })
    await flood(`/${id}`, 650)
    const { rules: _, ...plain } = stored.get(id) ?? aHeartbeat()
    stored.set(id, plain)

    expect(await flood(`/${id}`, 10)).toEqual({ 200: 1, 429: 9 })
  })

  it('is taken as it comes when there is no limit', async () => {
    handler = anInstance({ pingsPerMinute: Infinity })

    expect(await flood(`/${aCheck()}`, 700)).toEqual({ 200: 700 })
  })

  it('is limited while its pings wait in the spill queue, too', async () => {
    let spilled = 0
    handler = anInstance({
      heartbeats: {
        recordPing: () => Promise.reject(new Error('throttled')),
        isKnown: () => expect.unreachable(),
      },
      spill: () => Promise.resolve(void (spilled += 1)),
    })

    expect(await flood(`/${aCheck()}`, 700)).toEqual({ 200: 600, 429: 100 })
    expect(spilled).toBe(600)
  })
})

describe('a flood of unknown UUIDs', () => {
  it('costs no write each', async () => {
    for (let index = 0; index < 100; index += 1) await send(`/${randomUUID()}`)
    calls = []

    for (let index = 0; index < 50; index += 1)
      expect((await send(`/${randomUUID()}`)).statusCode).toBe(404)

    expect(new Set(calls)).toEqual(new Set(['read']))
  })

  it('harms no check: one that is known here is written to at once, another after a look', async () => {
    const [known, other] = [aCheck(), aCheck()]
    await send(`/${known}`)
    for (let index = 0; index < 110; index += 1) await send(`/${randomUUID()}`)
    calls = []

    expect([(await send(`/${known}`)).statusCode, (await send(`/${other}`)).statusCode]).toEqual([
      200, 200,
    ])
    expect((await send(`/${other}`)).statusCode).toBe(200)

    expect(calls).toEqual(['write', 'read', 'write', 'write'])
  })

  it('is over when it is over', async () => {
    for (let index = 0; index < 110; index += 1) await send(`/${randomUUID()}`)
    now += 2000
    const id = aCheck()
    calls = []

    await send(`/${id}`)

    expect(calls).toEqual(['write'])
  })

  it('answers a mistake in one, and a check that was deleted, without a write as well', async () => {
    calls = []
    expect((await send(`/${randomUUID()}/256`)).statusCode).toBe(404)
    expect(calls).toEqual(['read'])

    const id = aCheck()
    await send(`/${id}`)
    stored.delete(id)
    expect(await flood(`/${id}`, 3)).toEqual({ 404: 3 })
  })
})
