import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flipBetween } from '../../../lambdas/domain/watching/flip.ts'
import {
  type Heartbeat,
  newHeartbeat,
  type Running,
  type Status,
} from '../../../lambdas/domain/watching/heartbeat.ts'
import { afterPing } from '../../../lambdas/domain/watching/after-ping.ts'
import type { Ping, Signal } from '../../../lambdas/domain/watching/ping.ts'
import { Heartbeats } from '../../../lambdas/store/watching/heartbeats.ts'
import { aHeartbeat, aMiss, aPing, start } from '../../support/builders.ts'
import { beforeCalls } from '../../support/calls.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let heartbeats: Heartbeats
let made = 0

beforeAll(async () => {
  engine = await makeTables()
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
})
afterAll(() => engine.stop())

const signals: readonly Signal[] = ['success', 'start', 'fail', 'log']
const runIds = [undefined, 'run-a', 'run-b'] as const

/** A few instants close together, so that older, equal and newer ones all occur. */
const instant = fc.integer({ min: 0, max: 3 }).map((step) => start + step * 1000)
const runId = fc.constantFrom(...runIds)
const ping = fc
  .record({
    signal: fc.constantFrom(...signals),
    at: instant,
    runId,
    method: fc.constantFrom('GET', 'POST'),
    requestId: fc.constantFrom('a', 'b', 'c'),
    exitStatus: fc.constantFrom(undefined, 0, 255),
  })
  .map(({ runId: id, exitStatus, ...fields }) =>
    aPing({
      ...fields,
      ...(id === undefined ? {} : { runId: id }),
      ...(exitStatus === undefined ? {} : { exitStatus }),
    }),
  )
/** A mail has no method and no run ID, and its words may have ignored it. */
const mail = fc
  .record({
    signal: fc.constantFrom(...signals, 'ign' as const),
    at: instant,
    requestId: fc.constantFrom('a', 'b', 'c'),
  })
  .map((fields) => aPing({ ...fields, scheme: 'email', method: '' }))
/**
 * Every state is reached the way it is in practice: by pings, pauses and missed deadlines, in any
 * order.
 */
const step = fc.oneof(
  ping,
  mail,
  fc.record({
    deed: fc.constantFrom('pause' as const, 'resume' as const, 'miss' as const),
    at: instant,
  }),
)
const definition = fc.record({
  methods: fc.constantFrom('' as const, 'POST' as const),
  manualResume: fc.boolean(),
  hasBodyRules: fc.boolean(),
})
/** What a body says; nothing while the rules are not to be found. */
const bodyType = fc.constantFrom(...signals, 'ign' as const, undefined)

describe('a ping in DynamoDB', () => {
  it('does what the domain says, whatever came before', async () => {
    await fc.assert(
      fc.asyncProperty(
        definition,
        fc.array(step, { maxLength: 6 }),
        fc.oneof(ping, mail),
        bodyType,
        async (rules, steps, last, said) => {
          const id = await aStoredHeartbeat(rules)
          for (const each of steps) await take(id, each)
          const before = await stored(id)

          await heartbeats.recordPing(id, last, () => Promise.resolve(said))

          expect(await stored(id)).toEqual(afterPing(before, last, said))
        },
      ),
      { numRuns: 400 },
    )
  })

  it.each(
    product(
      signals,
      runIds,
      ['new', 'up', 'down', 'paused'] as const,
      [undefined, 'none', 'run-a'] as const,
    ),
  )(
    '%s with run ID %s on a check that is %s, with a run under way: %s',
    async (signal, id, status, running) => {
      const check = await inStatus(status, running)
      const before = await stored(check)
      const sent = aPing({
        signal,
        at: start + 60_000,
        requestId: 'last',
        ...(id === undefined ? {} : { runId: id }),
      })

      await heartbeats.recordPing(check, sent)

      expect(await stored(check)).toEqual(afterPing(before, sent))
    },
  )

  it('dates each change of status anew', async () => {
    const id = await aStoredHeartbeat({})

    for (const [index, signal] of (
      ['success', 'fail', 'success', 'fail', 'fail', 'success'] as const
    ).entries()) {
      const before = await stored(id)
      const sent = aPing({ signal, at: start + index, requestId: `request-${index}` })
      await heartbeats.recordPing(id, sent)
      expect(await stored(id)).toEqual(afterPing(before, sent))
    }
  })

  it.each([
    ['a success', [{}], 1],
    ['a success of the same instant as the last', [{}, { requestId: 'second' }], 1],
    [
      'a start after a start with a run ID',
      [
        { signal: 'start', runId: 'run-a' },
        { signal: 'start', at: start + 1, requestId: 'second' },
      ],
      1,
    ],
    [
      'the end of its own run',
      [
        { signal: 'start', runId: 'run-a' },
        { runId: 'run-a', at: start + 1, requestId: 'second' },
      ],
      1,
    ],
    ['a fail', [{}, { signal: 'fail', at: start + 1, requestId: 'second' }], 1],
    ['a log before the last ping', [{}, { signal: 'log', at: start - 1, requestId: 'second' }], 1],
    ['a success before the last ping', [{}, { at: start - 1, requestId: 'second' }], 2],
    ['a repeated one', [{}, {}], 1],
  ] as const)('costs what it must: %s', async (_, pings, writes) => {
    const id = await aStoredHeartbeat({})
    for (const each of pings.slice(0, -1)) await heartbeats.recordPing(id, aPing(each))
    const sent = countCalls()

    await heartbeats.recordPing(id, aPing(pings.at(-1)))

    expect(sent).toEqual(Array.from({ length: writes }, () => 'update'))
  })

  it.each([
    ['a success', [], 'success', 2],
    ['an ignored one', [], 'ign', 2],
    ['a start', [{}], 'start', 2],
    ['a fail beside a run of its own', [{ signal: 'start' }], 'fail', 2],
    ['a success before the last ping', [{ at: start + 1 }], 'success', 2],
    ['a success beside a run of another', [{ signal: 'start', runId: 'run-a' }], 'success', 2],
  ] as const)('costs two writes where the body decides: %s', async (_, pings, said, writes) => {
    const id = await aStoredHeartbeat({ hasBodyRules: true })
    for (const each of pings)
      await heartbeats.recordPing(id, aPing({ requestId: 'first', ...each }))
    const sent = countCalls()
    let asked = 0

    await heartbeats.recordPing(id, aPing(), () => Promise.resolve(((asked += 1), said)))

    expect([sent.length, asked]).toEqual([writes, 1])
  })

  it.each(['success', 'ign'] as const)(
    'costs one write by mail, rules on methods and HTTP bodies or not: %s',
    async (signal) => {
      const id = await aStoredHeartbeat({ hasBodyRules: true, methods: 'POST' })
      const sent = countCalls()

      await heartbeats.recordPing(id, aPing({ scheme: 'email', method: '', signal }), () =>
        expect.unreachable(),
      )

      expect(sent).toEqual(['update'])
      expect((await stored(id)).lastPing?.type).toBe(signal)
    },
  )

  it('asks for no rules where the check has none', async () => {
    const id = await aStoredHeartbeat({ methods: 'POST' })

    await heartbeats.recordPing(id, aPing(), () => expect.unreachable())

    expect((await stored(id)).lastPing?.type).toBe('ign')
  })

  it('counts each of many at once whose bodies decide', async () => {
    const id = await aStoredHeartbeat({ hasBodyRules: true })
    const pings = Array.from({ length: 20 }, (_, index) =>
      aPing({ at: start + (index % 3), requestId: `request-${index}` }),
    )

    await Promise.all(
      pings.map((each) => heartbeats.recordPing(id, each, () => Promise.resolve('success'))),
    )

    expect(await stored(id)).toMatchObject({ pingCount: 20, status: 'up', lastPingAt: start + 2 })
  })

  it('flips in the image exactly when the domain says so', async () => {
    const id = await aStoredHeartbeat({})
    const before = await stored(id)

    await heartbeats.recordPing(id, aPing({ signal: 'fail' }))

    const flip = flipBetween(before, await stored(id))
    expect(flip).toEqual({
      checkId: id,
      at: start,
      count: 0,
      status: 'down',
      from: 'new',
      reason: 'fail',
    })
  })
})

/** The calls to DynamoDB from now on, as the client sends them. */
function countCalls(): readonly string[] {
  const sent: string[] = []
  beforeCalls(engine.database, (operation) => sent.push(operation))
  return sent
}

async function take(
  id: string,
  each: Ping | { readonly deed: 'pause' | 'resume' | 'miss'; readonly at: number },
): Promise<void> {
  if (!('deed' in each)) await heartbeats.recordPing(id, each)
  else if (each.deed === 'pause') await heartbeats.pause(id, each.at)
  else if (each.deed === 'resume') await heartbeats.resume(id, each.at)
  else await heartbeats.flagMissed(await stored(id), aMiss(each.at), each.at + 1)
}

async function aStoredHeartbeat(rules: Partial<Heartbeat>): Promise<string> {
  made += 1
  const id = `check-${made}`
  await heartbeats.define(id, aHeartbeat(rules))
  return id
}

async function inStatus(status: Status, running: 'none' | 'run-a' | undefined): Promise<string> {
  const id = await aStoredHeartbeat({})
  if (status === 'up' || status === 'down')
    await heartbeats.recordPing(
      id,
      aPing({ signal: status === 'up' ? 'success' : 'fail', requestId: 'first' }),
    )
  if (status === 'paused') await heartbeats.pause(id, start)
  const run: Partial<Running> = running === 'run-a' ? { runId: 'run-a' } : {}
  if (running !== undefined)
    await heartbeats.recordPing(
      id,
      aPing({ signal: 'start', at: start + 1000, requestId: 'second', ...run }),
    )
  return id
}

async function stored(id: string): Promise<Heartbeat> {
  return (await heartbeats.read(id)) ?? newHeartbeat('missing', aHeartbeat())
}

function product<A, B, C, D>(
  as: readonly A[],
  bs: readonly B[],
  cs: readonly C[],
  ds: readonly D[],
): [A, B, C, D][] {
  return as.flatMap((a) =>
    bs.flatMap((b) => cs.flatMap((c) => ds.map((d): [A, B, C, D] => [a, b, c, d]))),
  )
}
