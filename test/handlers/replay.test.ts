import type { SQSEvent } from 'aws-lambda'
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Addressee } from '../../lambdas/domain/watching/ping-url.ts'
import type { Ping, PingType } from '../../lambdas/domain/watching/ping.ts'
import { spilledPing } from '../../lambdas/domain/watching/spilled-ping.ts'
import { makeReplayHandler, type ReplayDeps } from '../../lambdas/replay.ts'
import { aQueueEvent } from '../support/alerts.ts'
import { aPing, minute, start } from '../support/builders.ts'

const checkId = randomUUID()
const byAlias = { pingKey: 'key', slug: 'backup' }

let taken: (readonly [check: string, at: number])[]
let bodies: (readonly [check: string, number: number, body: string, expiresAt: number])[]
let postponed: (readonly [receipt: string, seconds: number])[]
let parked: string[]
let now: number

beforeEach(() => {
  taken = []
  bodies = []
  postponed = []
  parked = []
  now = start + 20 * minute
})

const unused = () => expect.unreachable()

function replay(event: SQSEvent, own: Partial<ReplayDeps> = {}) {
  return makeReplayHandler({
    replays: {
      record: (check, ping) => Promise.resolve((taken.push([check, ping.at]), { number: 7 })),
    },
    journal: {
      putBody: ({ checkId, number }, body, expiresAt) => {
        bodies.push([checkId, number, Buffer.from(body.bytes).toString(), expiresAt])
        return Promise.resolve()
      },
    },
    lookups: { checksBehind: unused, bodyRules: unused, isPingKey: unused },
    provision: unused,
    park: ({ messageId }) => Promise.resolve(void parked.push(messageId)),
    queue: {
      postpone: (receipt, seconds) => Promise.resolve(void postponed.push([receipt, seconds])),
    },
    clock: { now: () => now },
    logDays: 1,
    ...own,
  })(event)
}

type Message = {
  readonly addressee?: Addressee
  readonly ping?: Partial<Ping>
  readonly body?: string
  readonly mayCreate?: boolean
}

function aMessage({
  addressee = { checkId },
  ping = {},
  body = '',
  mayCreate = false,
}: Message = {}) {
  return spilledPing(addressee, aPing({ bodyBytes: Buffer.byteLength(body), ...ping }), {
    body: Buffer.from(body),
    mayCreate,
  })
}

const items = (...numbers: readonly number[]) => ({
  batchItemFailures: numbers.map((each) => ({ itemIdentifier: `message-${each}` })),
})

describe('replay', () => {
  it('records pings in the order of their own time', async () => {
    const times = [3, 1, 2].map((each) => start + each)

    const answer = await replay(aQueueEvent(times.map((at) => aMessage({ ping: { at } }))))

    expect(answer).toEqual(items())
    expect(taken).toEqual([1, 2, 3].map((each) => [checkId, start + each]))
  })

  it('keeps the body under the number of the ping, as long as one that came when the ping did', async () => {
    await replay(aQueueEvent([aMessage({ body: 'disk full' })]))

    expect(bodies).toEqual([[checkId, 7, 'disk full', start / 1000 + 86_400]])
  })

  it('judges all that came, and keeps what would have been kept', async () => {
    const judged: (PingType | undefined)[] = []
    const record: ReplayDeps['replays']['record'] = async (_, __, { readBodyType }) => (
      judged.push(await readBodyType?.()),
      { number: 7 }
    )
    const bodyRules = () =>
      Promise.resolve({
        startKeywords: '',
        successKeywords: 'OK',
        failureKeywords: '',
        defaultFail: true,
      })

    await replay(aQueueEvent([aMessage({ body: 'disk full, but OK', ping: { bodyBytes: 9 } })]), {
      replays: { record },
      lookups: { checksBehind: unused, bodyRules, isPingKey: unused },
    })

    expect(judged).toEqual(['success'])
    expect(bodies).toEqual([[checkId, 7, 'disk full', start / 1000 + 86_400]])
  })

  it('finds the check behind a slug', async () => {
    const lookups = {
      checksBehind: () => Promise.resolve([checkId]),
      bodyRules: unused,
      isPingKey: unused,
    }

    expect(await replay(aQueueEvent([aMessage({ addressee: byAlias })]), { lookups })).toEqual(
      items(),
    )
    expect(taken).toEqual([[checkId, start]])
  })

  it('makes the check that a ping asks for', async () => {
    const lookups = {
      checksBehind: () => Promise.resolve([]),
      bodyRules: unused,
      isPingKey: () => Promise.resolve(true),
    }
    const provision = () => Promise.resolve({ checkId, isNew: true })

    await replay(aQueueEvent([aMessage({ addressee: byAlias, mayCreate: true })]), {
      lookups,
      provision,
    })

    expect(taken).toEqual([[checkId, start]])
  })

  it('lets a ping wait on whose check may be made a minute later', async () => {
    const lookups = {
      checksBehind: () => Promise.resolve([]),
      bodyRules: unused,
      isPingKey: () => Promise.resolve(true),
    }
    const provision = () => Promise.resolve({ refusal: 'limited' as const })
    const message = aMessage({ addressee: byAlias, mayCreate: true })

    expect(
      (await replay(aQueueEvent([message]), { lookups, provision })).batchItemFailures,
    ).toHaveLength(1)
    expect(taken).toEqual([])
  })

  it.each([
    ['nothing', []],
    ['several checks', ['a', 'b']],
  ])('drops what names %s', async (_, checks) => {
    const lookups = {
      checksBehind: () => Promise.resolve(checks),
      bodyRules: unused,
      isPingKey: () => Promise.resolve(true),
    }

    expect(await replay(aQueueEvent([aMessage({ addressee: byAlias })]), { lookups })).toEqual(
      items(),
    )
    expect([taken, postponed]).toEqual([[], []])
  })

  it('drops pings of checks that are gone, body and all', async () => {
    expect(
      await replay(aQueueEvent([aMessage({ body: 'x' })]), {
        replays: { record: () => Promise.resolve('missing') },
      }),
    ).toEqual(items())
    expect([bodies, postponed]).toEqual([[], []])
  })

  it('puts off what fails, with the later pings of that check, and goes on with the others', async () => {
    const other = randomUUID()
    const record: ReplayDeps['replays']['record'] = (check, ping) =>
      check === checkId
        ? Promise.reject(new Error('throttled'))
        : Promise.resolve((taken.push([check, ping.at]), { number: 1 }))
    const messages = [
      aMessage({ ping: { at: start + 2 } }),
      aMessage({ ping: { at: start + 1 } }),
      aMessage({ addressee: { checkId: other }, ping: { at: start + 3 } }),
    ]
    let tries = 0

    const answer = await replay(aQueueEvent(messages), {
      replays: { record: (...args) => ((tries += 1), record(...args)) },
    })

    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([
      'message-0',
      'message-1',
    ])
    expect(taken).toEqual([[other, start + 3]])
    expect(tries).toBe(2)
    expect(postponed).toHaveLength(2)
  })

  it.each([
    [1, 10],
    [3, 40],
    [6, 300],
    [900, 300],
  ])(
    'puts off for longer from try to try: after the %ith for %i s',
    async (receiveCount, seconds) => {
      const replays = { record: () => Promise.reject(new Error('throttled')) }

      await replay(aQueueEvent([aMessage()], receiveCount), { replays })

      expect(postponed.map(([, each]) => each)).toEqual([seconds])
    },
  )

  it('puts off what it has no time for', async () => {
    const record: ReplayDeps['replays']['record'] = (check, ping) => {
      now += 30_000
      return Promise.resolve((taken.push([check, ping.at]), { number: 1 }))
    }

    const answer = await replay(aQueueEvent([aMessage(), aMessage({ ping: { at: start + 1 } })]), {
      replays: { record },
    })

    expect([taken.length, answer]).toEqual([1, items(1)])
  })

  it('puts off a ping whose body could not be kept', async () => {
    const journal = { putBody: () => Promise.reject(new Error('throttled')) }

    expect(await replay(aQueueEvent([aMessage({ body: 'x' })]), { journal })).toEqual(items(0))
  })

  it('parks a message that holds no ping at once, and goes on', async () => {
    const answer = await replay(aQueueEvent([{ no: 'ping' }, aMessage()]))

    expect([answer, taken.length, parked]).toEqual([{ batchItemFailures: [] }, 1, ['message-0']])
  })
})
