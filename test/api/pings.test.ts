import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Flip } from '../../lambdas/domain/watching/flip.ts'
import type { LoggedPing } from '../../lambdas/domain/watching/ping.ts'
import { makePingHandler } from '../../lambdas/ping.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { aBody, aPing, minute, start } from '../support/builders.ts'
import { makeTestApi } from '../support/api.ts'
import { aPatientClock } from '../support/clock.ts'
import { aRequest } from '../support/requests.ts'

let api: Awaited<ReturnType<typeof makeTestApi>>
let key: string
let readOnlyKey: string
let id: string

const expiresAt = start / 1000 + 86_400
const url = (rest: string) => `/api/v3/checks/${id}/${rest}`

beforeAll(async () => {
  api = await makeTestApi()
  ;({ apiKey: key, apiKeyReadonly: readOnlyKey } = await api.project())
})
afterAll(() => api.stop())
beforeEach(async () => {
  id = (await api.call('POST', '/api/v3/checks/', { key })).json.uuid
})

function aLoggedPing(number: number, fields: Partial<LoggedPing> = {}): LoggedPing {
  const { signal, requestId: _, ...details } = aPing({ at: start + number * minute })
  return { ...details, type: signal, number, ...fields }
}

type Kept = { readonly bytes: Uint8Array; readonly limit: number }

/** Sends a ping as a function URL hands it over. @returns what the log is told of it */
async function pingWith(
  sent: { readonly body: string; readonly isBase64Encoded: boolean },
  bodyLimit: number,
): Promise<LoggedPing> {
  const ping = makePingHandler({
    ...api,
    provision: () => expect.unreachable(),
    spill: () => expect.unreachable(),
    clock: aPatientClock(start),
    unknownPings: 'open',
    bodyLimit,
    logDays: 1,
    pingsPerMinute: Infinity,
  })
  await ping(aRequest({ method: 'POST', path: `/ping/${id}`, requestId: random.uuid(), ...sent }))
  const { lastPing, pingCount } = (await api.heartbeats.read(id)) ?? expect.unreachable()
  return { ...(lastPing ?? expect.unreachable()), number: pingCount }
}

async function expectBody({ number }: LoggedPing, { bytes, limit }: Kept): Promise<void> {
  const answer = await api.call('GET', url(`pings/${number}/body`), { key })

  expect(answer.status).toBe(bytes.length === 0 ? 404 : 200)
  if (answer.status === 404) return
  expect(answer.bytes.equals(bytes.subarray(0, limit))).toBe(true)
  expect(answer.headers['ping-body-bytes']).toBe(bytes.length.toString())
}

/** @param all newest first */
async function expectListed(all: readonly Kept[]): Promise<void> {
  const { pings } = (await api.call('GET', url('pings/'), { key })).json

  const lengths = all.map(({ bytes, limit }) =>
    bytes.length > limit ? { body_bytes: bytes.length, body_bytes_kept: limit } : {},
  )
  expect(pings.map(lengthsIn)).toEqual(lengths.slice(0, 100))
}

function lengthsIn(ping: object): object {
  return Object.fromEntries(Object.entries(ping).filter(([name]) => name.startsWith('body_bytes')))
}

async function log(...pings: readonly LoggedPing[]): Promise<void> {
  await api.journal.put(
    pings.map((ping) => ({ checkId: id, ping })),
    expiresAt,
  )
}

describe('the log of pings', () => {
  it('is newest first and has every field', async () => {
    const runId = '44444444-4444-4444-8444-444444444444'
    await log(
      aLoggedPing(1, { type: 'start', runId, userAgent: 'first', address: '' }),
      aLoggedPing(2, {
        type: 'fail',
        at: start + 61_005,
        runId,
        exitStatus: 3,
        method: 'POST',
        bodyBytes: 5,
      }),
    )

    const { status, json } = await api.call('GET', url('pings/'), { key })

    expect(status).toBe(200)
    expect(json).toEqual({
      pings: [
        {
          type: 'fail',
          date: '2026-01-01T00:01:01.005+00:00',
          n: 2,
          scheme: 'https',
          remote_addr: '198.51.100.7',
          method: 'POST',
          ua: 'curl/8.5.0',
          rid: runId,
          body_url: `https://api.example.com/api/v3/checks/${id}/pings/2/body`,
          exit_status: 3,
          duration: 1.01,
        },
        {
          type: 'start',
          date: '2026-01-01T00:01:00+00:00',
          n: 1,
          scheme: 'https',
          remote_addr: null,
          method: 'GET',
          ua: 'first',
          rid: runId,
          body_url: null,
        },
      ],
    })
  })

  it('says how much of a body is kept where it was cut', async () => {
    await log(aLoggedPing(1, { bodyBytes: 10_000, receivedBytes: 43_120 }))

    const { json } = await api.call('GET', url('pings/'), { key })

    expect(json).toMatchObject({ pings: [{ body_bytes: 43_120, body_bytes_kept: 10_000 }] })
  })

  it('is empty for a new check', async () => {
    expect((await api.call('GET', url('pings/'), { key })).json).toEqual({ pings: [] })
  })

  it('shows the last hundred, with the durations of runs that began before them', async () => {
    const successes = Array.from({ length: 100 }, (_, index) =>
      aLoggedPing(index + 3, { runId: index === 0 ? 'a' : 'b' }),
    )
    await log(aLoggedPing(1), aLoggedPing(2, { type: 'start', runId: 'a' }), ...successes)

    const pings = (await api.call('GET', url('pings/'), { key })).json.pings

    expect(pings.map(({ n }) => n)).toEqual(Array.from({ length: 100 }, (_, index) => 102 - index))
    expect(pings.at(-1)).toMatchObject({ n: 3, duration: 60 })
  })
})

describe('the body of a ping', () => {
  it('comes back byte for byte, as plain text', async () => {
    const body = Buffer.from('this is\x01binary\x99\x00\r\n<b>', 'latin1')
    await api.journal.putBody(
      { checkId: id, number: 1, at: start },
      { ...aBody(body), receivedBytes: 43_120 },
      expiresAt,
    )

    const answer = await api.call('GET', url('pings/1/body'), { key })

    expect(answer.status).toBe(200)
    expect(answer.bytes).toEqual(body)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain',
      'ping-body-bytes': '43120',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
    })
  })

  it('comes out as it came in, whatever it is, and the list tells of its length', async () => {
    const encoded = fc
      .uint8Array({ maxLength: 60 })
      .map((bytes) => [bytes, Buffer.from(bytes).toString('base64'), true] as const)
    const text = fc
      .string({ unit: 'binary', maxLength: 30 })
      .map((body) => [Buffer.from(body), body, false] as const)
    const limits = fc.constantFrom(1, 20, 60, Infinity)
    const all: Kept[] = []
    const pings: LoggedPing[] = []

    await fc.assert(
      fc.asyncProperty(
        fc.oneof(encoded, text),
        limits,
        async ([bytes, body, isBase64Encoded], limit) => {
          const ping = await pingWith({ body, isBase64Encoded }, limit)
          pings.unshift(ping)
          all.unshift({ bytes, limit })
          await expectBody(ping, { bytes, limit })
        },
      ),
      { numRuns: 100 },
    )

    await log(...pings)
    await expectListed(all)
  })

  it('of which an item takes a part only is cut to that, and the list tells of it', async () => {
    const kept = { bytes: randomBytes(400_001), limit: 350_000 }

    const ping = await pingWith(
      { body: kept.bytes.toString('base64'), isBase64Encoded: true },
      Infinity,
    )

    await expectBody(ping, kept)
    await log(ping)
    await expectListed([kept])
  })

  it.each(['2', '9999', '0', 'abc', '-1', '1234567890123'])(
    'is 404 for ping %s',
    async (number) => {
      await api.journal.putBody({ checkId: id, number: 1, at: start }, aBody('x'), expiresAt)

      expect((await api.call('GET', url(`pings/${number}/body`), { key })).status).toBe(404)
    },
  )
})

describe('the log of flips', () => {
  beforeEach(async () => {
    const flip = { checkId: id, count: 0, reason: '' } as const
    const flips: readonly Flip[] = [
      { ...flip, at: start, status: 'up', from: 'new' },
      { ...flip, at: start + 60_500, status: 'down', from: 'up' },
    ]
    await api.journal.put(
      flips.map((each) => ({ checkId: id, flip: each })),
      expiresAt,
    )
  })

  const down = { timestamp: '2026-01-01T00:01:00+00:00', up: 0 }
  const up = { timestamp: '2026-01-01T00:00:00+00:00', up: 1 }
  const second = start / 1000

  it.each([
    ['', [down, up]],
    [`?start=${second}`, [down, up]],
    [`?start=${second + 1}`, [down]],
    [`?end=${second}`, []],
    [`?end=${second + 1}`, [up]],
    [`?start=${second + 61}`, []],
    [`?start=${second}&end=${second}`, []],
    ['?seconds=0', [down, up]],
    ['?seconds=60', [down]],
    ['?seconds=60&seconds=0', [down, up]],
  ])('with "%s" is %o', async (query, expected) => {
    api.time.now = start + minute + 1000

    expect((await api.call('GET', url(`flips/${query}`), { key })).json).toEqual({
      flips: expected,
    })
  })

  it('can be read by the unique key, with the read-only key', async () => {
    const { unique_key: uniqueKey } = (
      await api.call('GET', `/api/v3/checks/${id}`, { key: readOnlyKey })
    ).json

    const { json } = await api.call('GET', `/api/v3/checks/${uniqueKey}/flips/`, {
      key: readOnlyKey,
    })

    expect(json).toEqual({ flips: [down, up] })
  })

  it('refuses a range that is none', async () => {
    const { status, json } = await api.call('GET', url('flips/?start=abc'), { key })

    expect(status).toBe(400)
    expect(json).toEqual({ error: 'start must be a whole number of seconds, 0–10000000000' })
  })
})
