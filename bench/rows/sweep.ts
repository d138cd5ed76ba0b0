import { startEngine } from '../../lib/local/engine/engine.ts'
import { Child } from '../child.ts'
import { type Figure, figureOf, ratios, type Row } from '../figure.ts'
import { shipped } from '../shipped.ts'
import { assertSamePages, fill, table, writeModels } from '../sweep/engine.ts'
import type { Held } from '../sweep/stub.ts'
import type { Used } from '../used.ts'

/** Few enough to write to the engine, and more than fit on one page. */
const ENGINE_COUNT = 10_000
const PAGE_BYTES = 1_048_576
/**
 * Before it is measured, a process has run as a warm function has: an instance that runs each
 * minute does so for hours.
 */
const WARM_UP = { count: 10_000, rounds: 30 }
/**
 * How many heartbeats, how often they are swept, and how many times what a bare scan of them takes
 * that may take.
 */
const sizes: readonly (readonly [count: number, rounds: number, mostTimes: number])[] = [
  [1000, 15, 5],
  [10_000, 15, 3.5],
  [100_000, 7, 3.5],
  [1_000_000, 3, 3.5],
]
/** With rules on some of them: how much a heartbeat may take then. */
const RULED = { count: 100_000, rounds: 7, each: 10, mostMicroseconds: 12 }
/** What Lambda gives a function of 256 MB: the heap's limits are shares of that. */
const execArgv = ['--max-old-space-size=230', '--max-semi-space-size=12']

export const sweep: Row = {
  name: 'sweep',
  help: 'CPU, read units and memory of one sweep over 1k to 1M heartbeats, 5 % late, 0.1 % overdue, against a bare scan of the same pages',
  measure: async (progress) => {
    const engine = await startEngine()
    const [stub, address] = await Child.start('sweep/stub.ts')
    try {
      const stubUrl = `http://127.0.0.1:${(address as { readonly port: number }).port}`
      return await measure({
        engineUrl: engine.endpoint,
        stubUrl,
        stub,
        bundle: await shipped('sweep'),
        progress,
      })
    } finally {
      stub.stop()
      await engine.stop()
    }
  },
}

type Parts = {
  readonly engineUrl: string
  readonly stubUrl: string
  readonly stub: Child
  readonly bundle: string
  readonly progress: (line: string) => void
}

async function measure({
  engineUrl,
  stubUrl,
  stub,
  bundle,
  progress,
}: Parts): Promise<readonly Figure[]> {
  const models = await writeModels(engineUrl)
  const { readUnits, itemBytes } = await fill(engineUrl, models, ENGINE_COUNT)
  // The item with which a page passes its limit is the last on it.
  const held = { models, pageItems: Math.floor(PAGE_BYTES / itemBytes) + 1 }
  const hold = (count: number, ruledEach?: number) =>
    stub.ask({ ...held, count, ...(ruledEach && { ruledEach }) } satisfies Held)
  await hold(ENGINE_COUNT)
  await assertSamePages(engineUrl, stubUrl)
  progress(`the stub answers as the engine does; a heartbeat has ${itemBytes.toFixed(0)} bytes`)
  const figures: Figure[] = []
  const peaks = new Map<number, number>()
  const perHeartbeat = new Map<number, number>()
  for (const [count, rounds, mostTimes] of sizes) {
    const { used, floor } = await sweepMany({ stubUrl, bundle, hold }, count, rounds)
    const cpu = figureOf(`CPU per heartbeat of ${count}`, 'µs', perEach(used, count))
    const times = figureOf(
      `sweep ÷ bare scan of ${count}`,
      '×',
      ratios(perEach(used, count), perEach(floor, count)),
    )
    peaks.set(count, Math.max(...used.map(({ peakBytes }) => peakBytes)))
    perHeartbeat.set(count, cpu.value)
    progress(
      `${count} heartbeats: ${cpu.value.toFixed(2)} µs each, ${((peaks.get(count) ?? NaN) / 1e6).toFixed(0)} MB; ${JSON.stringify(used)}`,
    )
    figures.push({ ...times, target: { atMost: mostTimes } }, cpu)
  }
  const ruled = await sweepMany(
    { stubUrl, bundle, hold: (count) => hold(count, RULED.each) },
    RULED.count,
    RULED.rounds,
  )
  figures.push({
    ...figureOf(
      `CPU per heartbeat of ${RULED.count}, each ${RULED.each}th with rules`,
      'µs',
      perEach(ruled.used, RULED.count),
    ),
    target: { atMost: RULED.mostMicroseconds },
  })
  return [
    ...figures,
    {
      name: 'CPU per heartbeat, 1M over 100k',
      unit: 'ratio',
      value: ratio(perHeartbeat),
      target: { atMost: 1.2 },
    },
    { name: 'memory, 1M over 100k', unit: 'ratio', value: ratio(peaks), target: { atMost: 1.2 } },
    { name: 'memory at 1M', unit: 'MB', value: (peaks.get(1_000_000) ?? NaN) / 1e6 },
    {
      name: 'read units per 1,000 heartbeats',
      unit: 'RRU',
      value: (readUnits / ENGINE_COUNT) * 1000,
      target: { atMost: 35 },
    },
  ]
}

/** Microseconds that each heartbeat took. */
function perEach(samples: readonly Used[], count: number): readonly number[] {
  return samples.map(({ cpuMs }) => (cpuMs * 1000) / count)
}

function ratio(bySize: ReadonlyMap<number, number>): number {
  return (bySize.get(1_000_000) ?? NaN) / (bySize.get(100_000) ?? NaN)
}

type Places = {
  readonly stubUrl: string
  readonly bundle: string
  readonly hold: (count: number) => Promise<unknown>
}

type Rounds = { readonly used: readonly Used[]; readonly floor: readonly Used[] }

/** Sweep and bare scan take turns, so that what slows the machine slows both. */
async function sweepMany(
  { stubUrl, bundle, hold }: Places,
  count: number,
  rounds: number,
): Promise<Rounds> {
  const [swept] = await Child.start('sweep/swept.ts', {
    args: [bundle],
    env: environmentOf(stubUrl),
    execArgv,
  })
  const [scanned] = await Child.start('sweep/scanned.ts', { args: [stubUrl], execArgv })
  const take = async (times: number): Promise<Rounds> => {
    const [used, floor]: [Used[], Used[]] = [[], []]
    for (let round = 0; round < times; round += 1) {
      used.push((await swept.ask({})) as Used)
      floor.push((await scanned.ask({})) as Used)
    }
    return { used, floor }
  }
  try {
    await hold(WARM_UP.count)
    await take(WARM_UP.rounds)
    await hold(count)
    return await take(rounds)
  } finally {
    swept.stop()
    scanned.stop()
  }
}

function environmentOf(stubUrl: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: stubUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    HEARTBEATS_TABLE: table,
    OPERATIONS_TABLE: 'Operations',
    FLIPS_QUEUE_URL: `${stubUrl}/flips`,
    SPILL_QUEUE_URL: `${stubUrl}/spill`,
    PING_ENDPOINT: `${stubUrl}/ping`,
    PING_FUNCTION: 'Ping',
    HOLD_MINUTES: '15',
  }
}
