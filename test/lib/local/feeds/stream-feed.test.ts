import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { InvocationResult } from '../../../../lib/local/functions/function-process.ts'
import { LocalQueue } from '../../../../lib/local/services/queue.ts'
import type { StreamSource } from '../../../../lib/local/template/sources.ts'
import { StreamFeed } from '../../../../lib/local/feeds/stream-feed.ts'
import type {
  Positions,
  StreamPage,
  StreamRecord,
} from '../../../../lib/local/feeds/stream-reader.ts'
import { VirtualClock } from '../../../../lib/local/functions/virtual-clock.ts'
import { keeper } from '../../../support/keeping.ts'
import { answering, type Batch, turns } from '../batches.ts'

const source: StreamSource = {
  functionName: 'record',
  tableName: 'Heartbeats',
  streamArn: 'arn:stream',
  batchSize: 4,
  windowSeconds: 0,
  startsAtLatest: false,
  patterns: [],
  reportsItems: true,
  bisects: false,
  maxRetries: -1,
  maxAgeSeconds: -1,
}

let clock: VirtualClock
let failures: LocalQueue
let disk: ReturnType<typeof keeper>
/** How far the feed said that it is. */
let reached: Positions
beforeEach(() => {
  clock = new VirtualClock()
  const definition = {
    name: 'Dead',
    arn: 'arn:dead',
    url: '',
    visibilitySeconds: 30,
    delaySeconds: 0,
    retentionSeconds: 1e9,
  }
  disk = keeper()
  reached = {}
  failures = new LocalQueue(definition, { clock, keeper: disk })
})
afterEach(() => clock.stop())

const record = (
  number: number,
  images: object = { NewImage: { n: { N: number.toString() } } },
): StreamRecord => ({
  eventID: number.toString(),
  eventName: 'MODIFY',
  dynamodb: { SequenceNumber: number.toString(), Keys: {}, ...images },
})
const numbered = (count: number) => Array.from({ length: count }, (_, index) => record(index + 1))

function feed(
  records: readonly StreamRecord[],
  answer: (batch: Batch) => InvocationResult,
  changes: Partial<StreamSource> = {},
) {
  const pages: StreamPage[] = [{ shard: 'shard', records }]
  const { target, batches } = answering(answer)
  const reader = { read: () => Promise.resolve(pages.shift()) }
  const onProgress = (positions: Positions) => (reached = { ...positions })
  const streamFeed = new StreamFeed(
    { ...source, ...changes },
    { reader, target, clock, failures, onProgress },
  )
  return { streamFeed, batches }
}

/** A table that is written one record at a time; counts how often its stream is looked at. */
function trickle() {
  const pages: StreamPage[] = []
  let reads = 0
  const { target, batches } = answering(() => done)
  const reader = { read: () => Promise.resolve(((reads += 1), pages.shift())) }
  const streamFeed = new StreamFeed(source, { reader, target, clock, failures })
  const write = async (number: number) => {
    pages.push({ shard: 'shard', records: [record(number)] })
    streamFeed.poke()
    await turns()
  }
  return { streamFeed, batches, write, reads: () => reads }
}

const done: InvocationResult = { payload: 'null' }
const failed: InvocationResult = { error: { errorType: 'Error', errorMessage: '', trace: [] } }
const failsAt =
  (number: string) =>
  (batch: Batch): InvocationResult => {
    const items = batch.Records.filter(({ dynamodb }) => dynamodb?.SequenceNumber === number)
    return {
      payload: JSON.stringify({ batchItemFailures: items.map(() => ({ itemIdentifier: number })) }),
    }
  }
const pass = async (seconds: number) => {
  clock.moveTo(clock.now() + seconds * 1000)
  await turns()
}

describe('a function that is fed from a stream', () => {
  it('gets the records in order, in batches', async () => {
    const { streamFeed, batches } = feed(numbered(6), () => done)

    streamFeed.poke()
    await turns()

    expect(batches).toEqual([
      ['1', '2', '3', '4'],
      ['5', '6'],
    ])
    expect(reached).toEqual({ shard: '6' })
  })

  it('does not get records of items that were written as they were', async () => {
    const same = {
      NewImage: { a: { S: 'x' }, b: { N: '1' } },
      OldImage: { b: { N: '1' }, a: { S: 'x' } },
    }
    const { streamFeed, batches } = feed([record(1, same), record(2)], () => done)

    streamFeed.poke()
    await turns()

    expect(batches).toEqual([['2']])
  })

  it('does not get what no filter fits, and is past it all the same', async () => {
    const patterns = [{ dynamodb: { NewImage: { n: { N: ['7'] } } } }]
    const { streamFeed, batches } = feed(numbered(3), () => done, { patterns })

    streamFeed.poke()
    await turns()

    expect(batches).toEqual([])
    expect(reached).toEqual({ shard: '3' })
  })

  it('gets a batch again from the first record that it failed at', async () => {
    const answers = [failsAt('3')]
    const { streamFeed, batches } = feed(numbered(4), (batch) =>
      (answers.shift() ?? (() => done))(batch),
    )

    streamFeed.poke()
    await turns()
    await pass(1)

    expect(batches).toEqual([
      ['1', '2', '3', '4'],
      ['3', '4'],
    ])
  })

  it('gets a batch that fails in halves, so that one bad record holds up only itself', async () => {
    const isBad = (batch: Batch) =>
      batch.Records.some(({ dynamodb }) => dynamodb?.SequenceNumber === '2')
    const { streamFeed, batches } = feed(numbered(4), (batch) => (isBad(batch) ? failed : done), {
      bisects: true,
      maxRetries: 2,
    })

    streamFeed.poke()
    for (let second = 0; second < 60; second += 1) await pass(1)

    expect(batches).toContainEqual(['1'])
    expect(batches).toContainEqual(['3', '4'])
    expect(failures.receive(10).map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { DDBStreamBatchInfo: { startSequenceNumber: '2', endSequenceNumber: '2', batchSize: 1 } },
    ])
  })

  it('is rid of what it failed at for too long', async () => {
    const { streamFeed, batches } = feed(numbered(1), () => failed, { maxAgeSeconds: 100 })

    streamFeed.poke()
    for (let second = 0; second < 200; second += 1) await pass(1)

    expect(failures.size).toBe(1)
    expect(batches.length).toBeGreaterThan(3)
    expect(reached).toEqual({ shard: '1' })
  })

  it('is not rid of it while nobody could be told, the disk being full', async () => {
    const { streamFeed } = feed(numbered(1), () => failed, { maxAgeSeconds: 100 })
    disk.fill()

    streamFeed.poke()
    for (let second = 0; second < 200; second += 1) await pass(1)
    expect(reached).toEqual({})
    disk.fill(false)
    for (let second = 0; second < 100; second += 1) await pass(1)

    expect(failures.size).toBe(1)
    expect(reached).toEqual({ shard: '1' })
  })

  it('gets the first of many writes at once, and the others together', async () => {
    const { batches, write, reads } = trickle()
    await write(1)
    expect(batches).toEqual([['1']])
    const before = reads()

    for (const number of [2, 3, 4]) await write(number)
    expect(reads()).toBe(before)
    await pass(0.1)

    expect(batches).toEqual([['1'], ['2', '3', '4']])
  })

  it('gets what was written a moment later at once when it is hurried', async () => {
    const { streamFeed, batches, write } = trickle()
    await write(1)
    await write(2)

    streamFeed.flush()
    await turns()

    expect(batches).toEqual([['1'], ['2']])
    expect(streamFeed.isGathering).toBe(false)
  })

  it('waits for a batch to fill until its window ends, unless it is hurried', async () => {
    const { streamFeed, batches } = feed(numbered(1), () => done, { windowSeconds: 5 })

    streamFeed.poke()
    await turns()
    expect([batches.length, streamFeed.isGathering]).toEqual([0, false])
    streamFeed.flush()
    await turns()

    expect(batches).toEqual([['1']])
  })

  it('waits for no window once it is stopped, which may be while it reads', async () => {
    let arrive: (page: StreamPage) => void = () => undefined
    const pages: Promise<StreamPage | undefined>[] = [new Promise((resolve) => (arrive = resolve))]
    const reader = { read: () => pages.shift() ?? Promise.resolve(undefined) }
    const { target, batches } = answering(() => done)
    const streamFeed = new StreamFeed({ ...source, windowSeconds: 60 }, { reader, target, clock })
    streamFeed.poke()
    await turns()

    const stopped = streamFeed.stop()
    arrive({ shard: 'shard', records: numbered(1) })
    await stopped

    expect(batches).toEqual([])
  })
})
