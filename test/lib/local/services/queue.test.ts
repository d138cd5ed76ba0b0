import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attributesMd5, md5, LocalQueue } from '../../../../lib/local/services/queue.ts'
import { VirtualClock } from '../../../../lib/local/functions/virtual-clock.ts'
import type { QueueDefinition } from '../../../../lib/local/template/wiring.ts'
import { StorageError } from '../../../../lib/local/data/storage-error.ts'
import { keeper } from '../../../support/keeping.ts'

const definition: QueueDefinition = {
  name: 'Flips',
  arn: 'arn:flips',
  url: 'http://127.0.0.1/0/Flips',
  visibilitySeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 3600,
  redrive: { arn: 'arn:dead', maxReceives: 2 },
}

let clock: VirtualClock
let dead: LocalQueue
let queue: LocalQueue
let disk: ReturnType<typeof keeper>
beforeEach(() => {
  clock = new VirtualClock()
  disk = keeper()
  dead = new LocalQueue({ ...definition, name: 'Dead', arn: 'arn:dead' }, { clock, keeper: disk })
  queue = makeQueue()
})
afterEach(() => clock.stop())

const makeQueue = () => new LocalQueue(definition, { clock, keeper: disk, deadLetters: () => dead })
const pass = (seconds: number) => clock.moveTo(clock.now() + seconds * 1000)
const bodies = (from: LocalQueue) => from.receive(10).map(({ body }) => body)

describe('a queue', () => {
  it('hands out the oldest messages first, as many as are wanted', () => {
    for (const body of ['a', 'b', 'c']) queue.send({ body })

    expect(queue.receive(2).map(({ body }) => body)).toEqual(['a', 'b'])
    expect(bodies(queue)).toEqual(['c'])
  })

  it('hands a message out again when its visibility has ended', () => {
    queue.send({ body: 'a' })
    queue.receive(1)

    expect(bodies(queue)).toEqual([])
    pass(30)
    expect(queue.receive(1)[0]).toMatchObject({ body: 'a', receives: 2 })
  })

  it('keeps a message back as long as it is delayed', () => {
    queue.send({ body: 'a', delaySeconds: 60 })

    pass(59)
    expect(bodies(queue)).toEqual([])
    pass(1)
    expect(bodies(queue)).toEqual(['a'])
  })

  it('forgets a message that is deleted with its latest receipt only', () => {
    queue.send({ body: 'a' })
    const [first] = queue.receive(1)
    const firstReceipt = first?.receipt ?? ''
    pass(30)
    const [second] = queue.receive(1)

    queue.delete(firstReceipt)
    expect(queue.size).toBe(1)
    queue.delete(second?.receipt ?? '')
    expect(queue.size).toBe(0)
  })

  it('puts a message off for as long as its receiver says', () => {
    queue.send({ body: 'a' })
    const [message] = queue.receive(1)

    expect(queue.changeVisibility(message?.receipt ?? '', 100)).toBe('changed')
    pass(99)
    expect(bodies(queue)).toEqual([])
    pass(1)
    expect(bodies(queue)).toEqual(['a'])
    expect(queue.changeVisibility('unknown', 100)).toBe('unknown')
  })

  it('moves a message that was received too often to the dead letters', () => {
    queue.send({ body: 'a' })
    for (const _ of [1, 2]) {
      queue.receive(1)
      pass(30)
    }

    expect(bodies(queue)).toEqual([])
    expect(dead.receive(1)[0]).toMatchObject({ body: 'a', receives: 1 })
  })

  it('forgets what is older than its retention', () => {
    queue.send({ body: 'a' })

    pass(3601)

    expect(bodies(queue)).toEqual([])
    expect(queue.size).toBe(0)
  })

  it('tells when a message may be had', () => {
    let calls = 0
    queue.onVisible = () => (calls += 1)
    queue.send({ body: 'a', delaySeconds: 60 })

    expect(calls).toBe(0)
    pass(60)
    expect(calls).toBe(1)
  })
})

/** What a process finds that comes after one which was ended at any moment. */
describe('the queue of another run', () => {
  it('has what was sent, what was received meanwhile, and what was put off', () => {
    for (const body of ['a', 'b']) queue.send({ body })
    queue.send({ body: 'late', delaySeconds: 60 })
    const [first] = queue.receive(2)
    queue.changeVisibility(first?.receipt ?? '', 40)

    const other = makeQueue()

    expect(bodies(other)).toEqual(['b'])
    pass(40)
    expect(other.receive(10)).toMatchObject([
      { body: 'a', receives: 2 },
      { body: 'b', receives: 2 },
    ])
    pass(20)
    expect(bodies(other)).toEqual(['late'])
  })

  it('has nothing that was deleted, died or expired', () => {
    for (const body of ['done', 'dead', 'old']) queue.send({ body })
    queue.delete(queue.receive(1)[0]?.receipt ?? '')
    for (let attempt = 0; attempt < 3; attempt += 1) {
      queue.receive(1)
      pass(30)
    }
    expect(bodies(dead)).toEqual(['dead'])

    pass(3600)

    expect(makeQueue().size).toBe(0)
    expect(disk.messagesOf(definition.name)).toEqual([])
  })
})

describe('a queue on a full disk', () => {
  it('takes no message that it could not keep', () => {
    disk.fill()

    expect(() => queue.send({ body: 'a' })).toThrow(StorageError)
    disk.fill(false)
    expect(bodies(queue)).toEqual([])
  })

  it('says that it could not delete or put off a message, which comes again', () => {
    queue.send({ body: 'a' })
    const receipt = queue.receive(1)[0]?.receipt ?? ''
    disk.fill()

    expect(() => queue.delete(receipt)).toThrow(StorageError)
    expect(() => queue.changeVisibility(receipt, 3000)).toThrow(StorageError)
    pass(30)
    expect(bodies(queue)).toEqual(['a'])
  })

  it('moves a message to the dead letters once there is room', () => {
    queue.send({ body: 'a' })
    for (let attempt = 0; attempt < 2; attempt += 1) {
      queue.receive(1)
      pass(30)
    }
    disk.fill()
    expect([bodies(queue), bodies(dead), queue.size]).toEqual([[], [], 1])

    disk.fill(false)
    pass(30)

    expect([bodies(queue), bodies(dead)]).toEqual([[], ['a']])
  })
})

describe('the digest of a message', () => {
  it('is that of its body', () => {
    expect(md5('This is a test message')).toBe('fafb00f5732ab283681e124bf8747ed1')
  })

  it('is none without attributes, and the same for any order of them', () => {
    const [a, b] = [
      { DataType: 'String', StringValue: 'x' },
      { DataType: 'Binary', BinaryValue: 'AQI=' },
    ]

    expect(attributesMd5({})).toBeUndefined()
    expect(attributesMd5({ a, b })).toBe(attributesMd5({ b, a }))
    expect(attributesMd5({ a })).not.toBe(attributesMd5({ b: a }))
  })
})
