import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { afterMiss } from '../../../lambdas/domain/watching/after-miss.ts'
import type { Miss } from '../../../lambdas/domain/watching/deadline.ts'
import { flipBetween } from '../../../lambdas/domain/watching/flip.ts'
import {
  type Heartbeat,
  newHeartbeat,
  type Running,
  type Status,
} from '../../../lambdas/domain/watching/heartbeat.ts'
import { afterPing } from '../../../lambdas/domain/watching/after-ping.ts'
import { pause } from '../../../lambdas/domain/watching/pause.ts'
import type { Ping, Signal } from '../../../lambdas/domain/watching/ping.ts'
import type { StateRules } from '../../../lambdas/domain/watching/rules.ts'
import { failuresIn } from '../../../lambdas/domain/watching/run-result.ts'
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
    tookMs: fc.constantFrom(undefined, 0, 1500),
  })
  .map(({ runId: id, exitStatus, tookMs, ...fields }) =>
    aPing({
      ...fields,
      ...(id === undefined ? {} : { runId: id }),
      ...(exitStatus === undefined ? {} : { exitStatus }),
      ...(tookMs === undefined ? {} : { tookMs }),
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
/** Small enough that a few pings reach each of them, and all combinations of them. */
const stateRules = fc.record<StateRules>(
  {
    maxRuntimeSeconds: fc.constantFrom(1, 3),
    minRuntimeSeconds: fc.constantFrom(1, 2),
    earlySeconds: fc.constant(60),
    mostPings: fc.constantFrom({ count: 1, seconds: 2 }, { count: 2, seconds: 60 }),
    failures: fc.constantFrom(
      { count: 1, of: 1 },
      { count: 2, of: 2 },
      { count: 2, of: 3 },
      { count: 3, of: 3 },
    ),
    successes: fc.constantFrom(1, 2),
  },
  { requiredKeys: [] },
)
const ruled = fc
  .record({ definition, rules: stateRules, runsOverlap: fc.boolean() })
  .map(({ definition: fields, rules, runsOverlap }) => ({
    ...fields,
    ...(Object.keys(rules).length === 0 ? {} : { rules }),
    ...(runsOverlap ? { runsOverlap: true as const } : {}),
  }))
/** What a body says; nothing while the rules are not to be found. */
const bodyType = fc.constantFrom(...signals, 'ign' as const, undefined)

describe('a ping in DynamoDB', () => {
  it('does what the domain says, whatever came before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(definition, ruled, ruled),
        fc.array(step, { maxLength: 8 }),
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
      { numRuns: 600 },
    )
  })

  it('leaves a state that misses and pauses change as the domain says', async () => {
    await fc.assert(
      fc.asyncProperty(
        ruled,
        fc.array(step, { maxLength: 8 }),
        fc.constantFrom('missed' as const, 'unfinished' as const, 'pause' as const),
        instant,
        async (rules, steps, deed, at) => {
          const id = await aStoredHeartbeat(rules)
          for (const each of steps) await take(id, each)
          const before = await stored(id)
          const miss: Miss =
            deed === 'unfinished'
              ? { at, cause: { kind: deed, startedAt: at - 1000, limitSeconds: 1 } }
              : aMiss(at)

          if (deed === 'pause') await heartbeats.pause(id, at)
          else await heartbeats.flagMissed(before, miss, at + 1)

          expect(await stored(id)).toEqual(
            deed === 'pause' ? pause(before, at) : afterMiss(before, miss, at + 1),
          )
        },
      ),
      { numRuns: 300 },
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

  it.each([
    ['a start under way', { maxRuntimeSeconds: 60 }, 'start'],
    ['the end of a run', { failures: { count: 2, of: 2 } }, 'fail'],
  ] as const)('costs two writes where the body and rules decide: %s', async (_, rules, said) => {
    const id = await aStoredHeartbeat({ hasBodyRules: true, rules })
    const send = (requestId: string, at: number) =>
      heartbeats.recordPing(id, aPing({ requestId, at }), () => Promise.resolve(said))
    await send('first', start)
    const before = await stored(id)
    const sent = countCalls()

    await send('second', start + 1)

    expect(sent).toEqual(['update', 'update'])
    expect(await stored(id)).toEqual(
      afterPing(before, aPing({ requestId: 'second', at: start + 1 }), said),
    )
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

  it.each([
    [{ maxRuntimeSeconds: 60 }, [], { signal: 'start' }, 1],
    [{ maxRuntimeSeconds: 60 }, [{ signal: 'start' }], { signal: 'start' }, 2],
    [{ maxRuntimeSeconds: 60, earlySeconds: 60 }, [{}], {}, 1],
    [{ successes: 2, minRuntimeSeconds: 60 }, [], { signal: 'start' }, 1],
    [{ successes: 2, failures: { count: 2, of: 3 } }, [], { signal: 'log' }, 1],
    [{ minRuntimeSeconds: 60 }, [{}], {}, 2],
    [{ mostPings: { count: 5, seconds: 60 } }, [{}], {}, 2],
    [{ failures: { count: 2, of: 3 } }, [{}], { signal: 'fail' }, 2],
    [{ successes: 2 }, [{ signal: 'fail' }], {}, 2],
  ] as const)('costs what rules make it: %j after %j, %j', async (rules, before, last, writes) => {
    const id = await aStoredHeartbeat({ rules })
    for (const each of before)
      await heartbeats.recordPing(id, aPing({ requestId: 'first', ...each }))
    const sent = countCalls()

    await heartbeats.recordPing(id, aPing(last))

    expect(sent).toEqual(Array.from({ length: writes }, () => 'update'))
  })

  it('counts each of two at one instant, whatever is written between read and write', async () => {
    const rules = { mostPings: { count: 100, seconds: 60 }, failures: { count: 20, of: 20 } }
    const id = await aStoredHeartbeat({ rules })

    await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        heartbeats.recordPing(
          id,
          aPing({ signal: index % 2 === 0 ? 'fail' : 'success', requestId: `request-${index}` }),
        ),
      ),
    )

    const heartbeat = await stored(id)
    expect(heartbeat).toMatchObject({ pingCount: 6, ends: { from: start, count: 6 } })
    expect(failuresIn(heartbeat.results ?? [])).toBe(3)
  })

  it('keeps a miss from being noted that was judged before it came', async () => {
    const id = await aStoredHeartbeat({ rules: { failures: { count: 20, of: 20 } } })
    await heartbeats.recordPing(id, aPing({ requestId: 'first' }))
    const before = await stored(id)
    await heartbeats.recordPing(id, aPing({ requestId: 'second' }))

    const outcome = await heartbeats.flagMissed(before, aMiss(start + 60_000), start + 61_000)

    expect(outcome).toBe('changed')
    expect((await stored(id)).results).toEqual(['success', 'success'])
  })

  it('loses no miss that is noted between its read and its write', async () => {
    const id = await aStoredHeartbeat({ rules: { failures: { count: 20, of: 20 } } })
    await heartbeats.recordPing(id, aPing({ requestId: 'first' }))
    const before = await stored(id)
    let calls = 0
    beforeCalls(engine.database, async () => {
      calls += 1
      if (calls === 2) await heartbeats.flagMissed(before, aMiss(start + 60_000), start + 61_000)
    })

    await heartbeats.recordPing(id, aPing({ signal: 'fail', at: start + 90_000 }))

    expect((await stored(id)).results).toEqual([
      'success',
      { at: start + 60_000, kind: 'missed' },
      { at: start + 90_000, kind: 'failed' },
    ])
  })

  it('forgets by a plain write what was noted by rules that are gone', async () => {
    const id = await aStoredHeartbeat({ rules: { failures: { count: 2, of: 2 } } })
    await heartbeats.recordPing(id, aPing())
    await heartbeats.flagMissed(await stored(id), aMiss(start + 60_000), start + 61_000)
    await heartbeats.define(id, aHeartbeat({ version: 2 }))

    await heartbeats.recordPing(id, aPing({ requestId: 'next', at: start + 90_000 }))

    const { awaitedAfter, results } = await stored(id)
    expect([awaitedAfter, results]).toEqual([undefined, undefined])
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
