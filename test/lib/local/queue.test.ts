import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attributesMd5, md5, Queue } from '../../../lib/local/queue.ts'
import { VirtualClock } from '../../../lib/local/virtual-clock.ts'
import type { QueueDefinition } from '../../../lib/local/wiring.ts'

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
let dead: Queue
let queue: Queue
beforeEach(() => {
  clock = new VirtualClock()
  dead = new Queue({ ...definition, name: 'Dead', arn: 'arn:dead' }, clock, () => undefined)
  queue = new Queue(definition, clock, () => dead)
})
afterEach(() => clock.stop())

const pass = (seconds: number) => clock.moveTo(clock.now() + seconds * 1000)
const bodies = (from: Queue) => from.receive(10).map(({ body }) => body)

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

  it('carries its messages over to another run', () => {
    queue.send({ body: 'a' })
    queue.send({ body: 'b', delaySeconds: 60 })
    const other = new Queue(definition, clock, () => dead)

    other.restore(queue.save())

    expect(bodies(other)).toEqual(['a'])
    pass(60)
    expect(bodies(other)).toContain('b')
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
