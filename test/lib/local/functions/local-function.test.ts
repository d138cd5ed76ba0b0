import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalFunction } from '../../../../lib/local/functions/local-function.ts'
import { Meter } from '../../../../lib/local/services/meter.ts'
import { Metrics } from '../../../../lib/local/services/metrics.ts'
import { VirtualClock } from '../../../../lib/local/functions/virtual-clock.ts'

const DAY_MS = 86_400_000

/** The bundle of a function that does what its event says. */
const assembly = mkdtempSync(join(tmpdir(), 'overdue-test-'))
const bundle = join(assembly, 'asset.ping')
mkdirSync(bundle)
writeFileSync(
  join(bundle, 'index.js'),
  `const clock = globalThis[Symbol.for('overdue.clock')]
  const { get } = require('node:http')
  exports.handler = async (event, context) => {
    if (event.throws) throw new TypeError(event.throws)
    if (event.crashes) process.exit(3)
    if (event.says) return 'x'.repeat(event.says)
    if (event.hangs) await new Promise(() => undefined)
    if (event.waitsUntil) await clock.waitUntil(event.waitsUntil)
    if (event.gets) await new Promise((resolve) => get(event.gets, (response) => response.resume().on('end', resolve)))
    const { GREETING: greeting, HOME: home, WATCHER_URL: watcher, LOCAL_INTERNET_URL: internet } = process.env
    return { now: clock.now(), left: context.getRemainingTimeInMillis(), name: context.functionName, greeting, home, watcher, internet }
  }`,
)
afterAll(() => rmSync(assembly, { recursive: true }))

const definition = {
  name: 'ping',
  arn: 'arn:ping',
  bundle,
  handler: 'index.handler',
  environment: { GREETING: 'hello', WATCHER_URL: 'https://watcher.example.com' },
  timeoutSeconds: 60,
  memoryMegabytes: 128,
  statements: [],
  retries: 0,
}

let clock: VirtualClock
let meter: Meter
let target: LocalFunction
beforeEach(async () => {
  clock = new VirtualClock(DAY_MS)
  meter = new Meter()
  target = new LocalFunction(definition, {
    clock,
    meter,
    metrics: new Metrics(clock),
    awsEndpoint: 'http://127.0.0.1:1',
    internetEndpoint: 'http://127.0.0.1:1',
    told: {},
    log: () => undefined,
  })
  clock.onMove((offsetMs) => target.setOffset(offsetMs))
  await target.load()
})
afterEach(async () => {
  clock.stop()
  await target.stop()
})

async function answer(event: object): Promise<Readonly<Record<string, unknown>>> {
  const outcome = await target.invoke(event, 'call')
  return 'payload' in outcome
    ? (JSON.parse(outcome.payload) as Record<string, unknown>)
    : outcome.error
}

/** What the function waits for once it waits for nothing but the clock. */
async function whenStill() {
  for (let look = 0; look < 1000; look += 1) {
    const stillness = await target.probe()
    if (!stillness.isBusy) return stillness
    await turn()
  }
  throw new Error('the function is never still')
}

describe('a function', () => {
  it('runs in a process of its own, with its own environment, on the clock of the stack', async () => {
    const { now, left, ...others } = await answer({})

    expect(others).toEqual({
      name: 'ping',
      greeting: 'hello',
      watcher: '',
      internet: 'http://ping@127.0.0.1:1',
    })
    expect(Number(now) - Date.now()).toBeGreaterThan(DAY_MS - 5000)
    expect(Number(left)).toBeGreaterThan(50_000)
  })

  it('fails when its handler throws', async () => {
    expect(await answer({ throws: 'no' })).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'no',
    })
  })

  it('fails when it answers with more than Lambda sends', async () => {
    const [most, quotes] = [6 * 1024 * 1024, 2]

    expect(await target.invoke({ says: most - quotes }, 'call')).toHaveProperty('payload')
    expect(await answer({ says: most - quotes + 1 })).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    })
  })

  it('fails when its process ends, and is back for the next invocation', async () => {
    expect(await answer({ crashes: true })).toMatchObject({ errorType: 'Runtime.ExitError' })

    expect(await answer({})).toMatchObject({ name: 'ping' })
  })

  it('fails when it takes longer than it may, while what runs beside it goes on', async () => {
    const hanging = answer({ hangs: true })
    await whenStill()
    clock.moveTo(clock.now() + 30_000)
    const waiting = answer({ waitsUntil: clock.now() + 40_000 })
    await whenStill()

    clock.moveTo(clock.now() + 30_000)
    expect(await hanging).toMatchObject({ errorType: 'Sandbox.Timedout' })
    clock.moveTo(clock.now() + 10_000)

    expect(await waiting).toMatchObject({ name: 'ping' })
  })

  it('waits on the clock of the stack, and tells so', async () => {
    const at = clock.now() + 50_000
    const waiting = answer({ waitsUntil: at })

    expect(await whenStill()).toMatchObject({ requests: 0, waits: [{ at, trigger: 'call' }] })
    clock.moveTo(at)

    expect(Number((await waiting)['now'])).toBeGreaterThanOrEqual(at)
    expect(target.isActive).toBe(false)
  })

  it('tells of requests that are out', async () => {
    const answers: ServerResponse[] = []
    const server = createServer((_, response) => answers.push(response)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const getting = answer({ gets: `http://127.0.0.1:${port}/` })

    expect(await whenStill()).toMatchObject({ requests: 1 })
    for (let look = 0; look < 1000 && answers.length === 0; look += 1) await turn()
    answers[0]?.end()

    expect(await getting).toMatchObject({ name: 'ping' })
    server.closeAllConnections()
    server.close()
  })

  it('is billed for the time that it took, waiting included', async () => {
    const waiting = answer({ waitsUntil: clock.now() + 20_000 })
    await whenStill()
    clock.moveTo(clock.now() + 20_000)
    await waiting

    const ping = meter.read().functions['ping']
    expect(ping?.invocations).toBe(1)
    expect(ping?.billedMs).toBeGreaterThanOrEqual(20_000)
  })

  it('starts no process any more once it is stopped, and leaves none that was starting', async () => {
    target.crash()
    const during = answer({})
    await target.stop()

    // Ended with its process, or before it had one.
    expect(await during).toHaveProperty('errorType')
    expect(await answer({})).toEqual({
      errorType: 'Runtime.InitError',
      errorMessage: 'function ping has been stopped',
      trace: [],
    })
  })

  it('keeps the stack from starting when it does not load', async () => {
    const broken = new LocalFunction(
      { ...definition, handler: 'index.missing' },
      {
        clock,
        meter,
        metrics: new Metrics(clock),
        awsEndpoint: '',
        internetEndpoint: '',
        told: {},
        log: () => undefined,
      },
    )

    await expect(broken.load()).rejects.toThrow(
      'function ping does not load: index.missing is not in the bundle',
    )
    await broken.stop()
  })
})
