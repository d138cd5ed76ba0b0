import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { isCanary } from '../../lambdas/domain/watching/own-heartbeats.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Operations } from '../../lambdas/store/watching/operations.ts'
import { makeSweepHandler } from '../../lambdas/sweep.ts'
import type { SweepDeps } from '../../lambdas/sweep/run.ts'
import { sendCanary } from '../../lambdas/sweep/canary.ts'
import { IntakeWatch } from '../../lambdas/sweep/intake-watch.ts'
import { aHeartbeat, aPing, hour, minute, start } from '../support/builders.ts'
import { aClock } from '../support/clock.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'

const deadline = start + hour + 10 * minute
const hold = 15 * minute
const engines: TestEngine[] = []
let heartbeats: Heartbeats
let operations: Operations
/** Whether pings arrive, and whether the ping function reports errors. */
let world: { isTaking: boolean; reports: boolean | 'no answer'; pinged: string[]; now: number }

beforeEach(async () => {
  const engine = await makeTables()
  engines.push(engine)
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  operations = new Operations(engine.database, engine.names.Operations)
  world = { isTaking: true, reports: false, pinged: [], now: start }
})
afterAll(() => Promise.all(engines.map((engine) => engine.stop())))

/** The public endpoint: a ping arrives, or is answered with an error. */
const endpoint = (async (url: string | URL | Request) => {
  const id =
    String(url instanceof Request ? url.url : url)
      .split('/')
      .at(-1) ?? ''
  world.pinged.push(id)
  if (!world.isTaking) return new Response('', { status: 502 })
  await heartbeats.recordPing(id, aPing({ at: world.now, requestId: randomUUID() }))
  return new Response('OK')
}) as typeof fetch

async function sweepAt(
  at: number,
  own: Partial<SweepDeps> = {},
  arrive: () => unknown = () => undefined,
): Promise<void> {
  world.now = at
  const time = aClock(at, () => {
    world.now = time.now()
    return arrive()
  })
  // A wait takes no time here, a look does: it is over before any time passes.
  let looking: Promise<unknown> = Promise.resolve()
  const clock = { ...time, waitUntil: (until: number) => looking.then(() => time.waitUntil(until)) }
  const intake = new IntakeWatch({
    operations,
    canary: (id) =>
      sendCanary(
        { heartbeats, fetch: endpoint, clock, pingEndpoint: 'https://ping.example.com/ping' },
        id,
      ),
    otherSignal: () =>
      world.reports === 'no answer'
        ? Promise.reject(new Error('Throttling'))
        : Promise.resolve(world.reports),
    clock,
    random,
    longestHoldMs: hold,
  })
  const flips = { send: () => Promise.resolve(), depth: () => Promise.resolve(0) }
  const watch = {
    observe: () => (looking = intake.observe()).then(() => undefined),
    impairmentUpTo: (deadline: number) => intake.impairmentUpTo(deadline),
  }
  const nobody = () => Promise.resolve()
  await makeSweepHandler({
    heartbeats,
    operations,
    flips,
    intake: watch,
    watchConcurrency: nobody,
    pingWatcher: nobody,
    clock,
    ...own,
  })()
}

async function pinged(at = start): Promise<string> {
  const id = randomUUID()
  await heartbeats.define(id, aHeartbeat())
  await heartbeats.recordPing(id, aPing({ at }))
  return id
}

async function statusOf(id: string): Promise<readonly [string | undefined, number | undefined]> {
  const heartbeat = await heartbeats.read(id)
  return [heartbeat?.status, heartbeat?.since?.at]
}

function breakIntake(): void {
  Object.assign(world, { isTaking: false, reports: true })
}

function mendIntake(): void {
  Object.assign(world, { isTaking: true, reports: false })
}

describe('the sweep', () => {
  it('makes its canary, pings it each minute and never flags it', async () => {
    await sweepAt(start)
    await sweepAt(start + minute)
    await sweepAt(start + 24 * hour)

    const [canary = ''] = world.pinged
    expect(isCanary(canary)).toBe(true)
    expect(new Set(world.pinged)).toEqual(new Set([canary]))
    expect(await heartbeats.read(canary)).toMatchObject({
      status: 'up',
      lastPingAt: start + 24 * hour,
    })
  })

  it('does not hold back for longer than three minutes when nobody can say whether the canary is right', async () => {
    const id = await pinged()
    await sweepAt(deadline - 3 * minute)
    Object.assign(world, { isTaking: false, reports: 'no answer' })

    for (let at = deadline - minute; at <= deadline + minute; at += minute) await sweepAt(at)
    const held = await statusOf(id)
    await sweepAt(deadline + 2 * minute)

    expect([held[0], (await statusOf(id))[0]]).toEqual(['up', 'down'])
  })

  it('holds back what is missed while pings are not taken, and flags it once the time that was lost is over', async () => {
    const id = await pinged()
    await sweepAt(deadline - 3 * minute)
    breakIntake()
    await sweepAt(deadline - 2 * minute)
    await sweepAt(deadline + minute)
    expect(await statusOf(id)).toEqual(['up', start])
    mendIntake()
    for (let at = deadline + 2 * minute; at <= deadline + 3 * minute; at += minute)
      await sweepAt(at)
    expect(await statusOf(id)).toEqual(['up', start])

    await sweepAt(deadline + 4 * minute)

    expect(await statusOf(id)).toEqual(['down', deadline + 6 * minute])
  })

  it('asks the other signal once more before it forgets a trouble that nobody has confirmed', async () => {
    const id = await pinged()
    await sweepAt(deadline - 3 * minute)
    world.isTaking = false
    await sweepAt(deadline - 2 * minute)
    Object.assign(world, { isTaking: true, reports: true })

    await sweepAt(deadline + 2 * minute)

    expect(await statusOf(id)).toEqual(['up', start])
  })

  it('flags what it has held for the longest time, though pings are still not taken', async () => {
    const id = await pinged()
    await sweepAt(deadline - 3 * minute)
    breakIntake()
    for (let at = deadline - minute; at < deadline + hold - 2 * minute; at += minute)
      await sweepAt(at)
    expect(await statusOf(id)).toEqual(['up', start])

    await sweepAt(deadline + hold - minute)

    expect(await statusOf(id)).toEqual(['down', deadline + hold])
  })

  it('holds back what was missed before anybody could know that pings are not taken', async () => {
    const id = await pinged()

    // The canary of the run got through; from then on nothing does, and at the deadline a canary is
    // sent for it.
    await sweepAt(deadline - minute, {}, breakIntake)

    expect(await statusOf(id)).toEqual(['up', start])
    expect((await operations.intake())?.intake.trouble).toMatchObject({
      startedAt: deadline - minute,
      isConfirmed: true,
    })
  })

  it('sends no canary for a deadline when one got through since', async () => {
    await pinged()
    await pinged()

    await sweepAt(deadline + minute)

    // The second one is that of a canary that had to be made first.
    expect(world.pinged.length).toBe(2)
  })

  it('believes a canary alone for three minutes', async () => {
    const id = await pinged()
    await sweepAt(deadline - 3 * minute)
    world.isTaking = false
    for (let at = deadline - minute; at < deadline + 2 * minute; at += minute) await sweepAt(at)
    expect(await statusOf(id)).toEqual(['up', start])

    await sweepAt(deadline + 2 * minute)

    expect(await statusOf(id)).toEqual(['down', deadline])
  })

  it('flags, and fails, when it cannot know whether pings are taken', async () => {
    const id = await pinged()
    const broken = () => Promise.reject(new Error('no answer'))

    await expect(
      sweepAt(deadline + minute, { intake: { observe: broken, impairmentUpTo: broken } }),
    ).rejects.toThrow('could not be swept')

    expect(await statusOf(id)).toEqual(['down', deadline])
  })

  it('learns from runs that overlap', async () => {
    await Promise.all([sweepAt(start), sweepAt(start), sweepAt(start)])

    expect(new Set(world.pinged).size).toBe(1)
    expect((await operations.intake())?.intake).toEqual({ lastGoodAt: start, intervals: [] })
  })

  it('looks once before it flags a storm, while nobody knows why canaries fail', async () => {
    world.isTaking = false
    for (const ahead of [6, 5, 4, 3, 2, 1]) await sweepAt(deadline - ahead * minute)
    await Promise.all(Array.from({ length: 300 }, () => pinged()))
    world.pinged = []

    await sweepAt(deadline - minute / 2)

    // Twice, since none gets through: of the run itself, and of all that it flags.
    expect(world.pinged.filter(isCanary)).toHaveLength(2 * 2)
    expect(await downCount()).toBe(300)
  })
})

async function downCount(): Promise<number> {
  let count = 0
  for await (const page of heartbeats.scan(0, 1))
    count += page.heartbeats.filter(({ status }) => status === 'down').length
  return count
}
