import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Heartbeat, newHeartbeat } from '../../../lambdas/domain/watching/heartbeat.ts'
import { afterReplayedPing } from '../../../lambdas/domain/watching/after-ping.ts'
import type { PingType, Signal } from '../../../lambdas/domain/watching/ping.ts'
import { Heartbeats } from '../../../lambdas/store/watching/heartbeats.ts'
import { Replays } from '../../../lambdas/store/watching/replays.ts'
import { aHeartbeat, aMiss, aPing, minute, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let heartbeats: Heartbeats
let replays: Replays

beforeAll(async () => {
  engine = await makeTables()
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  replays = new Replays(engine.database, engine.names)
})
afterAll(() => engine.stop())

const now = start + 20 * minute
const by = (said?: PingType) => ({ readBodyType: () => Promise.resolve(said), now })

async function aStored(fields: Partial<Heartbeat> = {}): Promise<string> {
  const id = randomUUID()
  await heartbeats.define(id, aHeartbeat(fields))
  return id
}

async function stored(id: string): Promise<Heartbeat> {
  return (await heartbeats.read(id)) ?? newHeartbeat('missing', aHeartbeat())
}

describe('a replayed ping', () => {
  it('is recorded as of its own time', async () => {
    const id = await aStored()

    expect(await replays.record(id, aPing(), by())).toEqual({ number: 1 })
    expect(await stored(id)).toMatchObject({
      status: 'up',
      since: { at: start, count: 0 },
      lastPingAt: start,
      pingCount: 1,
    })
  })

  it('is recorded once, though others have come in between', async () => {
    const id = await aStored()
    await replays.record(id, aPing({ signal: 'log', requestId: 'waited' }), by())
    await heartbeats.recordPing(id, aPing({ at: now, requestId: 'live' }))

    expect(await replays.record(id, aPing({ signal: 'log', requestId: 'waited' }), by())).toEqual({
      number: 1,
    })
    expect((await stored(id)).pingCount).toBe(2)
  })

  it('is not recorded again when its first write had got through after all, now or at a further replay', async () => {
    const id = await aStored()
    await heartbeats.recordPing(id, aPing({ requestId: 'waited' }))

    expect(await replays.record(id, aPing({ requestId: 'waited' }), by())).toEqual({ number: 1 })
    await heartbeats.recordPing(id, aPing({ at: now, requestId: 'live' }))
    expect(await replays.record(id, aPing({ requestId: 'waited' }), by())).toEqual({ number: 1 })
    expect((await stored(id)).pingCount).toBe(2)
  })

  it('is recorded once by two that replay it at once', async () => {
    const id = await aStored()

    const numbers = await Promise.all([1, 2, 3].map(() => replays.record(id, aPing(), by())))

    expect(numbers).toEqual([{ number: 1 }, { number: 1 }, { number: 1 }])
    expect((await stored(id)).pingCount).toBe(1)
  })

  it('gets a number of its own among pings that come at the same time', async () => {
    const id = await aStored()
    const live = Array.from({ length: 5 }, (_, index) =>
      heartbeats.recordPing(id, aPing({ at: now, requestId: `live-${index}` })),
    )
    const late = [1, 2, 3].map((each) =>
      replays.record(id, aPing({ requestId: `waited-${each}` }), by()),
    )

    const numbers = (await Promise.all([...live, ...late])).map((taken) =>
      taken === 'missing' ? 0 : taken.number,
    )

    expect(numbers.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(await stored(id)).toMatchObject({ pingCount: 8, lastPingAt: now })
  })

  it('of a check that is gone is told so', async () => {
    const id = await aStored()
    await heartbeats.bury(id, 2, now)

    expect(await replays.record(id, aPing(), by())).toBe('missing')
    expect(await replays.record(randomUUID(), aPing(), by())).toBe('missing')
  })

  it('asks what its body means where the check has rules, and nowhere else', async () => {
    const [ruled, plain] = [await aStored({ hasBodyRules: true }), await aStored()]

    await replays.record(ruled, aPing(), by('fail'))
    await replays.record(plain, aPing(), { readBodyType: () => expect.unreachable(), now })

    expect([(await stored(ruled)).status, (await stored(plain)).status]).toEqual(['down', 'up'])
  })

  it('does what the domain says, whatever came before', async () => {
    const signal = fc.constantFrom<Signal>('success', 'start', 'fail', 'log')
    const at = fc.integer({ min: 0, max: 4 }).map((step) => start + step * minute)
    const ping = fc.record({ signal, at, requestId: fc.uuid() }).map(aPing)
    const deed = fc.record({
      deed: fc.constantFrom('pause' as const, 'resume' as const, 'miss' as const),
      at,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(ping, deed), { maxLength: 5 }),
        ping,
        async (steps, last) => {
          const id = await aStored()
          for (const step of steps) {
            if (!('deed' in step)) await heartbeats.recordPing(id, step)
            else if (step.deed === 'miss')
              await heartbeats.flagMissed(await stored(id), aMiss(step.at), step.at)
            else await heartbeats[step.deed](id, step.at)
          }
          const before = await stored(id)

          await replays.record(id, last, by())

          expect(await stored(id)).toEqual(afterReplayedPing(before, last, { now: by().now }))
        },
      ),
      { numRuns: 100 },
    )
  })
})
