import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { InvocationResult } from '../../../../lib/local/functions/function-process.ts'
import { QueueFeed } from '../../../../lib/local/feeds/queue-feed.ts'
import { LocalQueue } from '../../../../lib/local/services/queue.ts'
import type { QueueSource } from '../../../../lib/local/template/sources.ts'
import { VirtualClock } from '../../../../lib/local/functions/virtual-clock.ts'
import { keeper } from '../../../support/keeping.ts'
import { answering, type Batch, turns } from '../batches.ts'

const source: QueueSource = {
  functionName: 'alert',
  queueArn: 'arn:flips',
  batchSize: 2,
  windowSeconds: 0,
  maxConcurrency: 2,
  patterns: [],
  reportsItems: true,
}

let clock: VirtualClock
let queue: LocalQueue
let disk: ReturnType<typeof keeper>
beforeEach(() => {
  clock = new VirtualClock()
  const definition = {
    name: 'Flips',
    arn: 'arn:flips',
    url: '',
    visibilitySeconds: 30,
    delaySeconds: 0,
    retentionSeconds: 3600,
  }
  disk = keeper()
  queue = new LocalQueue(definition, { clock, keeper: disk })
})
afterEach(() => clock.stop())

function feed(
  answer: (batch: Batch) => InvocationResult | Promise<InvocationResult>,
  changes: Partial<QueueSource> = {},
): readonly (readonly string[])[] {
  const { target, batches } = answering(answer)
  new QueueFeed({ ...source, ...changes }, { queue, target, clock })
  return batches
}

const done: InvocationResult = { payload: '{"batchItemFailures":[]}' }
const send = (...bodies: readonly string[]) => bodies.forEach((body) => queue.send({ body }))

describe('a function that is fed from a queue', () => {
  it('gets the messages in batches, and they are gone', async () => {
    const batches = feed(() => done)

    send('a', 'b', 'c')
    await turns()

    expect(batches).toEqual([['a', 'b'], ['c']])
    expect(queue.size).toBe(0)
  })

  it('gets again what it was done with when the disk was full', async () => {
    const batches = feed(() => {
      disk.fill(batches.length === 1)
      return done
    })

    send('a')
    await turns()
    clock.moveTo(clock.now() + 30_000)
    await turns()

    expect(batches).toEqual([['a'], ['a']])
    expect(queue.size).toBe(0)
  })

  it('gets again what it failed at, when the visibility has ended', async () => {
    let isWell = false
    const batches = feed(({ Records }) => {
      const failures = Records.filter(({ body }) => body === 'b' && !isWell)
      return {
        payload: JSON.stringify({
          batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })),
        }),
      }
    })

    send('a', 'b')
    await turns()
    expect(queue.size).toBe(1)
    isWell = true
    clock.moveTo(clock.now() + 30_000)
    await turns()

    expect(batches).toEqual([['a', 'b'], ['b']])
    expect(queue.size).toBe(0)
  })

  it('gets all again after an error, or an answer that says nothing', async () => {
    const outcomes: InvocationResult[] = [
      { error: { errorType: 'Error', errorMessage: '', trace: [] } },
      { payload: '{"batchItemFailures":[{}]}' },
      done,
    ]
    feed(() => outcomes.shift() ?? done)

    send('a')
    for (const _ of [1, 2]) {
      await turns()
      expect(queue.size).toBe(1)
      clock.moveTo(clock.now() + 30_000)
    }
    await turns()

    expect(queue.size).toBe(0)
  })

  it('works on no more batches at once than it may', async () => {
    const ends: (() => void)[] = []
    const batches = feed(() => new Promise((resolve) => ends.push(() => resolve(done))), {
      batchSize: 1,
    })

    send('a', 'b', 'c')
    await turns()
    expect(batches.length).toBe(2)
    ends[0]?.()
    await turns()

    expect(batches.length).toBe(3)
  })

  it('does not get what no filter fits', async () => {
    const batches = feed(() => done, { patterns: [{ body: { kind: ['email'] } }] })

    send('{"kind":"email"}', '{"kind":"webhook"}', 'no JSON')
    await turns()

    expect(batches.flat()).toEqual(['{"kind":"email"}'])
    expect(queue.size).toBe(0)
  })

  it('gets a batch that may fill when its window ends', async () => {
    const batches = feed(() => done, { windowSeconds: 5 })

    send('a')
    await turns()
    expect(batches).toEqual([])
    clock.moveTo(clock.now() + 5000)
    await turns()

    expect(batches).toEqual([['a']])
  })
})
