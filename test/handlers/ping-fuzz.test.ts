import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { makePingHandler, type PingDeps } from '../../lambdas/ping.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { aHeartbeat, start } from '../support/builders.ts'
import { aPatientClock } from '../support/clock.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'
import { aRequest } from '../support/requests.ts'

let engine: TestEngine
let deps: PingDeps
let handler: ReturnType<typeof makePingHandler>
let heartbeats: Heartbeats
const id = randomUUID()
const pingKey = 'abcdefghij0123456789kl'

beforeAll(async () => {
  engine = await makeTables()
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  const lookups = new Lookups(engine.database, engine.names.Lookups)
  await heartbeats.define(id, aHeartbeat())
  await lookups.addPingKey(pingKey, 'project')
  await lookups.define(id, { version: 1, alias: { pingKey, slug: 'backup' } })
  deps = {
    heartbeats,
    journal: new Journal(engine.database, engine.names.Journal),
    lookups,
    provision: () => Promise.resolve({ refusal: 'unknown' }),
    // An error anywhere would be spilled, and so be seen here.
    spill: () => Promise.reject(new Error('nothing is to be spilled')),
    clock: aPatientClock(start),
    unknownPings: 'open',
    bodyLimit: 100,
    logDays: 1,
    trustedFront: '192.0.2.1',
    pingsPerMinute: Infinity,
  }
  handler = makePingHandler(deps)
})
afterAll(() => engine.stop())

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 30 }).map(encodeURIComponent),
  fc.constantFrom(
    '',
    '%',
    '%00',
    '%ff',
    '..',
    '/',
    '//',
    '*',
    '__proto__',
    'constructor',
    '\r\nX: y',
    '\ud800',
    'x'.repeat(5000),
  ),
)
const path = fc.oneof(
  odd.map((text) => `/${text}`),
  fc
    .tuple(
      fc.constantFrom('/ping', ''),
      fc.constantFrom(id, id.toUpperCase(), `${pingKey}/backup`, `${pingKey}/other`),
      odd,
    )
    .map(([a, b, c]) => `${a}/${b}${c}`),
  fc
    .tuple(
      fc.constantFrom(`/${id}`, `/${pingKey}/backup`),
      fc.constantFrom('', '/start', '/fail', '/log', '/0', '/255', '/256', '/-1', '/1e2'),
    )
    .map(([a, b]) => a + b),
)
const query = fc.oneof(
  odd,
  fc.webQueryParameters(),
  odd.map((text) => `rid=${text}`),
  fc.constantFrom(`rid=${id}`, 'create=1', `rid=${id}&rid=x`, '&&==', 'create=1&create=0'),
)
const headers = fc.dictionary(
  fc.constantFrom(
    'user-agent',
    'x-forwarded-for',
    'x-forwarded-proto',
    'content-type',
    'content-length',
    'host',
    '__proto__',
    'constructor',
    'toString',
  ),
  odd,
)
const request = fc.record({
  path,
  query,
  headers,
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'TRACE', 'get', ''),
  sourceIp: fc.constantFrom('198.51.100.7', '192.0.2.1', '2001:db8::1', ''),
  body: fc.oneof(
    odd,
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  ),
  isBase64Encoded: fc.boolean(),
  requestId: fc.uuid(),
})

describe('a request of any shape', () => {
  it('gets a plain answer below 500, and leaves a heartbeat that can be read and fits into a write unit', async () => {
    const codes = new Set<number | undefined>()

    await fc.assert(
      fc.asyncProperty(request, async (fields) => {
        const { statusCode = 0, body, headers } = await handler(aRequest(fields))
        codes.add(statusCode)

        expect(statusCode).toBeGreaterThanOrEqual(200)
        expect(statusCode).toBeLessThan(500)
        expect(body).toMatch(/^[\x20-\x7e]*$/)
        expect(headers?.['Content-Type']).toBe('text/plain; charset=utf-8')
        expect(Object.values(headers ?? {}).join('')).not.toMatch(/[\r\n]/)
      }),
      { numRuns: 700 },
    )

    const heartbeat = await heartbeats.read(id)
    expect(heartbeat?.pingCount).toBeGreaterThan(20)
    expect(JSON.stringify(heartbeat).length).toBeLessThan(1024)
    expect([...codes].sort()).toEqual(expect.arrayContaining([200, 204, 400, 404, 405]))
  })

  it('leaves nothing of itself in the log, not even while everything fails', async () => {
    const fails = () => Promise.reject(new Error('failed'))
    const failing = {
      heartbeats: { recordPing: fails, isKnown: fails },
      lookups: { checksBehind: fails, bodyRules: fails, isPingKey: fails },
    }
    const lines: unknown[] = []
    onTestFinished(() => void vi.restoreAllMocks())
    for (const level of ['info', 'warn', 'error', 'log'] as const)
      vi.spyOn(console, level).mockImplementation((...line) => lines.push(...line))

    for (const spill of [fails, () => Promise.resolve()]) {
      const broken = makePingHandler({ ...deps, ...failing, spill })
      await fc.assert(
        fc.asyncProperty(request, async (fields) => {
          await broken(aRequest(fields))
        }),
        { numRuns: 200 },
      )
    }

    const allowed = new Set([
      'ping-spilled',
      'ping-refused',
      'Error',
      id,
      id.toUpperCase(),
      undefined,
    ])
    const said = lines
      .flatMap((line) => Object.values(line as object) as unknown[])
      .filter((value) => typeof value !== 'number')
    expect(said).toEqual(expect.arrayContaining(['ping-refused', 'ping-spilled', id]))
    expect(said.filter((value) => !allowed.has(value as string))).toEqual([])
  })
})
