import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { randomUUID } from 'node:crypto'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
  vi,
} from 'vitest'
import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import type { Alias } from '../../lambdas/domain/watching/lookup.ts'
import type { SpilledPing } from '../../lambdas/domain/watching/spilled-ping.ts'
import { makePingHandler, type PingDeps, rehearse } from '../../lambdas/ping.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { Journal } from '../../lambdas/store/watching/journal.ts'
import { aHeartbeat, start } from '../support/builders.ts'
import { anImpatientClock } from '../support/clock.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'
import { pingDepsOn } from '../support/ping-deps.ts'
import { aRequest } from '../support/requests.ts'

let engine: TestEngine
let deps: PingDeps
let lookups: Lookups
let id: string
let requests = 0

beforeAll(async () => {
  engine = await makeTables()
  deps = pingDepsOn(engine, 10)
  lookups = new Lookups(engine.database, engine.names.Lookups)
})
afterAll(() => engine.stop())
beforeEach(async () => {
  id = randomUUID()
  await stores().heartbeats.define(id, aHeartbeat())
})

function stores(): { readonly heartbeats: Heartbeats; readonly journal: Journal } {
  return {
    heartbeats: new Heartbeats(engine.database, engine.names.Heartbeats),
    journal: new Journal(engine.database, engine.names.Journal),
  }
}

async function send(
  path: string,
  fields: Parameters<typeof aRequest>[0] = {},
  own: Partial<PingDeps> = {},
) {
  requests += 1
  return makePingHandler({ ...deps, ...own })(
    aRequest({ path, requestId: `request-${requests}`, ...fields }),
  )
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
    const expected = {
      type: 'success',
      method: 'GET',
      scheme: 'https',
      address: '198.51.100.7',
      userAgent: 'curl/8',
      bodyBytes: 0,
    }
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
    expect(await send(`/${id}`, { method })).toMatchObject({
      statusCode: 405,
      headers: { Allow: 'GET, HEAD, POST, OPTIONS' },
    })
    expect((await stored())?.pingCount).toBe(0)
  })

  it('is not what a preflight is', async () => {
    expect(await send(`/${id}`, { method: 'OPTIONS' })).toMatchObject({
      statusCode: 204,
      headers: { 'Access-Control-Allow-Origin': '*' },
    })
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
    expect(await send(`/${id}${verb}`, { query })).toMatchObject({
      statusCode: 400,
      body,
      headers: { 'Access-Control-Allow-Origin': '*' },
    })
    expect(await stored()).toEqual(aHeartbeat({ id }))
  })

  it.each(['/256', '?rid=1', ''])(
    'to an unknown check is unknown before it is anything else: %s',
    async (rest) => {
      const [path = '', query = ''] = rest.split('?')

      expect(await send(`/${randomUUID()}${path}`, { query })).toMatchObject({
        statusCode: 404,
        body: 'not found',
      })
    },
  )

  it.each([
    ['open', 404, 'not found'],
    ['hosted', 200, 'OK (not found)'],
    ['strict', 401, 'not authorized'],
  ] as const)(
    'to an unknown check is answered %s, with %i',
    async (unknownPings, statusCode, body) => {
      expect(await send(`/${randomUUID()}`, {}, { unknownPings })).toMatchObject({
        statusCode,
        body,
      })
    },
  )

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

    expect(
      Buffer.from((await stores().journal.body({ id }, 2, start))?.bytes ?? []).toString(),
    ).toBe('0123456789')
    expect((await stored())?.lastPing).toMatchObject({ bodyBytes: 10, receivedBytes: 13 })
    expect((await stores().journal.body({ id }, 2, start))?.receivedBytes).toBe(13)
  })

  it('is kept whole without a limit, which then is not announced', async () => {
    const answer = await send(
      `/${id}`,
      { method: 'GET', body: 'x'.repeat(20) },
      { bodyLimit: Infinity },
    )

    expect(answer.headers).not.toHaveProperty('Ping-Body-Limit')
    expect((await stores().journal.body({ id }, 1, start))?.bytes.length).toBe(20)
  })

  it('that cannot be kept does not fail the ping', async () => {
    const journal = { putBody: () => Promise.reject(new Error('throttled')) }

    expect((await send(`/${id}`, { method: 'POST', body: 'x' }, { journal })).statusCode).toBe(200)
    expect((await stored())?.pingCount).toBe(1)
  })
})

describe('a ping by slug', () => {
  const pingKey = 'abcdefghij0123456789kl'
  let slug: string
  let alias: Alias

  beforeEach(async () => {
    slug = `job-${id}`
    alias = { pingKey, slug }
    await lookups.addPingKey(pingKey, 'project')
    await lookups.define(id, { version: 1, alias })
  })

  it.each([
    ['', { status: 'up', lastPing: { type: 'success' } }],
    ['/start', { running: { startedAt: start } }],
    ['/3', { status: 'down', lastPing: { exitStatus: 3 } }],
  ])('to %s means what one by UUID does', async (verb, expected) => {
    const answer = await send(`/ping/${pingKey}/${slug}${verb}`)

    expect(answer).toMatchObject({
      statusCode: 200,
      body: 'OK',
      headers: { 'Ping-Body-Limit': '10' },
    })
    expect(await stored()).toMatchObject(expected)
  })

  it('keeps its body and run ID', async () => {
    await send(`/${pingKey}/${slug}/start`, { method: 'POST', body: 'hello', query: `rid=${id}` })

    expect((await stored())?.running?.runId).toBe(id)
    expect(
      Buffer.from((await stores().journal.body({ id }, 1, start))?.bytes ?? []).toString(),
    ).toBe('hello')
  })

  it.each([
    ['/256', '', 'invalid url format'],
    ['', 'rid=1', 'invalid uuid format'],
    ['/256', 'rid=1', 'invalid url format'],
  ])('to %s?%s is refused', async (verb, query, body) => {
    expect(await send(`/${pingKey}/${slug}${verb}`, { query })).toMatchObject({
      statusCode: 400,
      body,
    })
    expect((await stored())?.pingCount).toBe(0)
  })

  it('with an upper-case slug is refused before anything is looked up', async () => {
    const answer = await send('/unknown/Backup', { query: 'create=1' }, { lookups: unused })

    expect(answer).toMatchObject({ statusCode: 400, body: 'invalid url format' })
  })

  it('of more than 100 characters is refused where it may make a check, and is that of none elsewhere', async () => {
    const path = `/${pingKey}/${'s'.repeat(101)}/start`
    const to = (query: string) => send(path, { query, method: 'POST' }, { lookups: unused })

    expect(await to('create=1')).toMatchObject({ statusCode: 400, body: 'invalid url format' })
    expect(await to('create=0&create=1')).toMatchObject({ statusCode: 400 })
    expect(await to('')).toMatchObject({ statusCode: 404, body: 'not found' })
    expect(await to('create=1&create=0')).toMatchObject({ statusCode: 404 })
  })

  it('may come percent-encoded', async () => {
    expect(await send(`/ping/${pingKey}/${slug.replaceAll('-', '%2D')}`)).toMatchObject({
      statusCode: 200,
      body: 'OK',
    })
  })

  it.each(['open', 'hosted', 'strict'] as const)(
    'that no check has is not found where unknown pings are answered %s',
    async (unknownPings) => {
      expect(await send(`/${pingKey}/other-${id}`, {}, { unknownPings })).toMatchObject({
        statusCode: 404,
        body: 'not found',
      })
    },
  )

  it('that two checks share is ambiguous, even if it may be created', async () => {
    await lookups.define(randomUUID(), { version: 1, alias })

    expect(await send(`/${pingKey}/${slug}`, { query: 'create=1' })).toMatchObject({
      statusCode: 409,
      body: 'ambiguous slug',
    })
  })

  it('that is there already is not provisioned', async () => {
    expect(await send(`/${pingKey}/${slug}`, { query: 'create=1' })).toMatchObject({
      statusCode: 200,
      body: 'OK',
    })
  })

  describe('that no check has', () => {
    const path = (verb = '') => `/${pingKey}/new-${id}${verb}`

    it.each([
      [true, 201, 'Created'],
      [false, 200, 'OK'],
    ])(
      'is provisioned with create=1, and the ping recorded (new: %s)',
      async (isNew, statusCode, body) => {
        const asked: Alias[] = []
        const provision = (wanted: Alias) =>
          Promise.resolve((asked.push(wanted), { checkId: id, isNew }))

        const answer = await send(path('/fail'), { query: 'create=1' }, { provision })

        expect(answer).toMatchObject({ statusCode, body, headers: { 'Ping-Body-Limit': '10' } })
        expect(asked).toEqual([{ pingKey, slug: `new-${id}` }])
        expect((await stored())?.status).toBe('down')
      },
    )

    it.each(['', 'create=0', 'create=true', 'create=11', 'create='])(
      'is not provisioned with %j',
      async (query) => {
        expect(await send(path(), { query })).toMatchObject({ statusCode: 404, body: 'not found' })
      },
    )

    it.each([
      ['/256', 'create=1', 'invalid url format'],
      ['', 'create=1&rid=1', 'invalid uuid format'],
    ])('is not provisioned for what is refused: %s?%s', async (verb, query, body) => {
      expect(await send(path(verb), { query })).toMatchObject({ statusCode: 400, body })
    })

    it('is not provisioned for a ping key that nobody has', async () => {
      expect(await send(`/${randomUUID()}/backup/256`, { query: 'create=1' })).toMatchObject({
        statusCode: 404,
        body: 'not found',
      })
    })

    it.each([
      ['unknown', 404, 'not found'],
      ['ambiguous', 409, 'ambiguous slug'],
      ['limited', 429, 'too many new checks'],
    ] as const)('and is refused as %s is answered with %i', async (refusal, statusCode, body) => {
      const provision = () => Promise.resolve({ refusal })

      expect(await send(path(), { query: 'create=1' }, { provision })).toMatchObject({
        statusCode,
        body,
      })
    })
  })
})

describe('a ping to a check with rules on bodies', () => {
  beforeEach(async () => {
    const bodyRules = {
      startKeywords: 'BEGIN',
      successKeywords: 'OK',
      failureKeywords: 'ERR',
      defaultFail: false,
    }
    await lookups.define(id, { version: 2, bodyRules })
    await stores().heartbeats.define(id, { ...aHeartbeat(), version: 2, hasBodyRules: true })
  })

  it.each([
    ['/fail', 'OK', { status: 'up' }],
    ['', 'ERR', { status: 'down' }],
    ['/log', 'BEGIN', { running: { startedAt: start } }],
    ['/3', 'else', { status: 'new', lastPing: { type: 'ign', exitStatus: 3 } }],
  ])('to %s with %j means what the body says', async (verb, body, expected) => {
    expect(await send(`/${id}${verb}`, { method: 'POST', body })).toMatchObject({
      statusCode: 200,
      body: 'OK',
    })
    expect(await stored()).toMatchObject(expected)
  })

  it('is judged by all that came, whatever is kept of it', async () => {
    await send(`/${id}`, { method: 'POST', body: `${'x'.repeat(2_000_000)} ERR` })

    expect((await stored())?.lastPing).toMatchObject({
      type: 'fail',
      bodyBytes: 10,
      receivedBytes: 2_000_004,
    })
  })

  it('without rules to check looks nothing up', async () => {
    await stores().heartbeats.define(id, { ...aHeartbeat(), version: 3 })

    expect((await send(`/${id}`, {}, { lookups: unused })).statusCode).toBe(200)
  })
})

const unused: PingDeps['lookups'] = {
  checksBehind: () => expect.unreachable(),
  bodyRules: () => expect.unreachable(),
  isPingKey: () => expect.unreachable(),
}

describe('the log of a ping that succeeds', () => {
  const levels = ['debug', 'log', 'info', 'warn', 'error'] as const
  let loggedBytes: number

  beforeEach(() => {
    loggedBytes = 0
    const count = (...line: readonly unknown[]) =>
      void (loggedBytes += Buffer.byteLength(JSON.stringify(line)))
    for (const level of levels) vi.spyOn(console, level).mockImplementation(count)
  })
  afterEach(() => vi.restoreAllMocks())

  it.each<[string, Parameters<typeof aRequest>[0]]>([
    ['', {}],
    ['/start', { query: 'rid=6e1fbf8f-9b9d-4b7b-8d5e-0a0a0a0a0a0a' }],
    ['/1', { method: 'POST', body: 'longer than the ten bytes that are kept' }],
    ['/log', { method: 'POST', body: 'x' }],
  ])('is empty: a line costs half of what the ping does (%j)', async (ending, fields) => {
    expect((await send(`/${id}${ending}`, fields)).statusCode).toBe(200)

    expect(loggedBytes).toBe(0)
  })

  it('would be seen', async () => {
    await send(
      `/${id}`,
      {},
      {
        heartbeats: { recordPing: unreachable, isKnown: unreachable },
        spill: () => Promise.resolve(),
      },
    )

    expect(loggedBytes).toBeGreaterThan(50)
  })
})

describe('a ping that cannot be recorded', () => {
  const throttled = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }))
  const broken = { recordPing: throttled, isKnown: throttled }
  const brokenLookups = { checksBehind: throttled, bodyRules: throttled, isPingKey: throttled }
  let spilled: SpilledPing[]
  let warned: unknown[]

  beforeEach(() => {
    spilled = []
    warned = []
    vi.spyOn(console, 'warn').mockImplementation((line) => warned.push(line))
  })
  afterEach(() => vi.restoreAllMocks())

  const spill = (each: SpilledPing) => Promise.resolve(void spilled.push(each))

  it('waits with all that it said, and is answered with OK', async () => {
    const query = `rid=${id}`

    const answer = await send(
      `/${id}/3`,
      { method: 'POST', body: 'hello', query, requestId: 'own' },
      { heartbeats: broken, spill },
    )

    expect(answer).toMatchObject({
      statusCode: 200,
      body: 'OK',
      headers: { 'Ping-Body-Limit': '10' },
    })
    const ping = {
      signal: 'fail',
      exitStatus: 3,
      at: start,
      requestId: 'own',
      runId: id,
      method: 'POST',
      bodyBytes: 5,
    }
    expect(spilled).toMatchObject([
      { addressee: { checkId: id }, ping, body: Buffer.from('hello').toString('base64') },
    ])
    expect(warned).toEqual([{ event: 'ping-spilled', check: id, error: 'ThrottlingException' }])
  })

  it('waits by its slug, and may make its check later, when that cannot be looked up', async () => {
    const answer = await send(
      '/key/backup',
      { query: 'create=1' },
      { lookups: brokenLookups, spill },
    )

    expect(answer).toMatchObject({ statusCode: 200, body: 'OK' })
    expect(spilled).toMatchObject([
      { addressee: { pingKey: 'key', slug: 'backup' }, mayCreate: true },
    ])
    expect(JSON.stringify(warned)).not.toContain('key/')
  })

  it('waits when its check cannot be made', async () => {
    const lookups = {
      ...unused,
      checksBehind: () => Promise.resolve([]),
      isPingKey: () => Promise.resolve(true),
    }

    expect(await send('/key/backup', { query: 'create=1' }, { lookups, spill })).toMatchObject({
      statusCode: 200,
    })
    expect(spilled).toHaveLength(1)
  })

  it('waits whatever went wrong, a mistake of ours too', async () => {
    const heartbeats = {
      ...broken,
      recordPing: () => Promise.reject(new TypeError('x is not a function')),
    }

    expect((await send(`/${id}`, {}, { heartbeats, spill })).statusCode).toBe(200)
    expect(warned).toEqual([{ event: 'ping-spilled', check: id, error: 'TypeError' }])
  })

  it('waits with more of its body than will be kept, for its words may decide', async () => {
    await send(`/${id}`, { method: 'POST', body: 'x'.repeat(20) }, { heartbeats: broken, spill })

    expect(spilled).toMatchObject([
      {
        ping: { bodyBytes: 10, receivedBytes: 20 },
        body: Buffer.alloc(20, 'x').toString('base64'),
      },
    ])
    expect(warned).toEqual([{ event: 'ping-spilled', check: id, error: 'ThrottlingException' }])
  })

  it('says so when its body had to be cut', async () => {
    const own = { heartbeats: broken, spill, bodyLimit: Infinity }

    await send(`/${id}`, { method: 'POST', body: 'x'.repeat(800_000) }, own)

    expect(warned).toMatchObject([{ event: 'ping-spilled', cutBytes: 100_000 }])
    expect(spilled[0]?.ping.bodyBytes).toBe(700_000)
  })

  it('is asked to come again when it cannot wait either', async () => {
    const answer = await send(`/${id}`, {}, { heartbeats: broken, spill: throttled })

    expect(answer).toMatchObject({
      statusCode: 503,
      headers: { 'Retry-After': '5', 'Access-Control-Allow-Origin': '*' },
    })
    expect(warned).toMatchObject([{ event: 'ping-refused', check: id }])
  })

  it.each([
    ['/256', 'invalid url format'],
    ['?rid=1', 'invalid uuid format'],
  ])('is told its mistake and does not wait: %s', async (rest, body) => {
    const [verb = '', query = ''] = rest.split('?')
    const own = { heartbeats: broken, lookups: brokenLookups }

    for (const path of [`/${id}${verb}`, `/key/backup${verb}`])
      expect(await send(path, { query }, own)).toMatchObject({ statusCode: 400, body })
  })

  it('is not what an unknown one is', async () => {
    expect((await send(`/${randomUUID()}`, {}, { spill: unreachable })).statusCode).toBe(404)
  })
})

describe('an answer to a ping', () => {
  const hangs = () => new Promise<never>(() => undefined)
  const isThere = { number: 1 }
  const known = () => Promise.resolve([id])

  it.each<readonly [string, Partial<PingDeps>, string, number]>([
    [
      'nothing answers',
      { heartbeats: { recordPing: hangs, isKnown: hangs }, spill: hangs },
      '',
      503,
    ],
    [
      'DynamoDB hangs',
      { heartbeats: { recordPing: hangs, isKnown: hangs }, spill: () => Promise.resolve() },
      '',
      200,
    ],
    [
      'the lookup hangs',
      { lookups: { checksBehind: hangs, bodyRules: hangs, isPingKey: hangs }, spill: hangs },
      'slug',
      503,
    ],
    [
      'the second call hangs',
      {
        lookups: { checksBehind: known, bodyRules: hangs, isPingKey: hangs },
        heartbeats: { recordPing: hangs, isKnown: hangs },
        spill: hangs,
      },
      'slug',
      503,
    ],
    [
      'the body hangs',
      {
        heartbeats: { recordPing: () => Promise.resolve(isThere), isKnown: hangs },
        journal: { putBody: hangs },
      },
      '',
      200,
    ],
    [
      'a mistake cannot be looked up',
      { heartbeats: { recordPing: hangs, isKnown: hangs } },
      '?rid=1',
      400,
    ],
  ])('comes within three seconds when %s', async (_, own, how, statusCode) => {
    const clock = anImpatientClock(start)
    const path = how === 'slug' ? '/key/backup' : `/${id}`

    const answer = await send(
      path,
      { method: 'POST', body: 'x', query: how.startsWith('?') ? how.slice(1) : '' },
      { ...own, clock },
    )

    expect(answer.statusCode).toBe(statusCode)
    expect(clock.now() - start).toBeGreaterThan(1000)
    expect(clock.now() - start).toBeLessThan(3000)
  })
})

const unreachable = () => expect.unreachable()

describe('the rehearsal', () => {
  it('goes all the way of a ping, whatever the front, and calls nobody', async () => {
    const calls = vi.spyOn(DynamoDBClient.prototype, 'send')
    onTestFinished(() => calls.mockRestore())
    const trustedFront = { domain: 'ping.example.com', secrets: ['x'.repeat(32)] }

    expect(await rehearse({ ...deps, trustedFront })).toMatchObject({ statusCode: 200, body: 'OK' })
    expect(calls).not.toHaveBeenCalled()
  })
})
