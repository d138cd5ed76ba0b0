import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Flip } from '../../../lambdas/domain/watching/flip.ts'
import type { LoggedPing } from '../../../lambdas/domain/watching/ping.ts'
import { wordsOf } from '../../../lambdas/domain/watching/mail-rules.ts'
import { Journal } from '../../../lambdas/store/watching/journal.ts'
import { bodyEntry, flipEntry, missEntry } from '../../../lambdas/store/keys.ts'
import { keptBytes } from '../../../lambdas/store/items/packed-body.ts'
import { aBody, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let journal: Journal

beforeAll(async () => {
  engine = await makeTables()
  journal = new Journal(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())

const expiresAt = start / 1000 + 3600
const later = (expiresAt - 1) * 1000

function aLoggedPing(number: number): LoggedPing {
  return {
    number,
    type: 'success',
    at: start + number,
    scheme: 'https',
    method: 'GET',
    address: '198.51.100.7',
    userAgent: '',
    bodyBytes: 0,
  }
}

function aFlip(checkId: string, at: number, count = 0): Flip {
  return { checkId, at, count, status: 'down', from: 'up', reason: 'timeout' }
}

describe('the ping log', () => {
  it('is newest first, past the end of a batch and past ninety-nine', async () => {
    const checkId = randomUUID()
    const pings = Array.from({ length: 120 }, (_, index) => aLoggedPing(index + 1))
    await journal.put(
      pings.map((ping) => ({ checkId, ping })),
      expiresAt,
    )

    expect(await journal.pings({ id: checkId }, 1000, later)).toEqual(pings.toReversed())
    expect((await journal.pings({ id: checkId }, 3, later)).map(({ number }) => number)).toEqual([
      120, 119, 118,
    ])
  })

  it('goes on before a ping, and finds the first ping of a time', async () => {
    const checkId = randomUUID()
    // The log has lost some, and begins at the fourth.
    const numbers = [4, 5, 6, 9, 10, 14]
    const entries = numbers.map((number) => ({ checkId, ping: aLoggedPing(number) }))
    await journal.put(entries, expiresAt)

    const before = await journal.pingsBefore({ id: checkId }, { before: 9, limit: 2 }, later)
    expect(before.map(({ number }) => number)).toEqual([6, 5])
    expect(await journal.pingsBefore({ id: checkId }, { before: 1, limit: 2 }, later)).toEqual([])
    const instants = [0, 4, 5, 7, 9, 11, 14]
    const found = instants.map((after) => journal.numberAt(checkId, start + after, 14))
    expect(await Promise.all(found)).toEqual([4, 4, 5, 9, 9, 14, 14])
    expect(await journal.numberAt(checkId, start + 15, 14)).toBe(15)
  })

  it('keeps flips for a time of their own', async () => {
    const checkId = randomUUID()
    const flip = aFlip(checkId, start)
    const entries = [
      { checkId, ping: aLoggedPing(1) },
      { checkId, flip },
    ]
    await journal.put(entries, expiresAt, expiresAt + 1)

    expect(await journal.pings({ id: checkId }, 10, expiresAt * 1000)).toEqual([])
    expect(await journal.flips({ id: checkId }, { limit: 10 }, expiresAt * 1000)).toEqual([flip])
  })

  it('keeps every detail of a ping', async () => {
    const checkId = randomUUID()
    const ping: LoggedPing = {
      ...aLoggedPing(1),
      type: 'fail',
      runId: 'run-a',
      exitStatus: 0,
      bodyBytes: 5,
    }
    await journal.put([{ checkId, ping }], expiresAt)

    expect(await journal.pings({ id: checkId }, 1, later)).toEqual([ping])
  })

  it('takes an entry twice, in one batch and in another', async () => {
    const checkId = randomUUID()
    const entry = { checkId, ping: aLoggedPing(1) }

    await journal.put([entry, entry], expiresAt)
    await journal.put([entry], expiresAt)

    expect(await journal.pings({ id: checkId }, 10, later)).toEqual([entry.ping])
  })

  it('has misses as entries of their own, which are neither pings nor flips', async () => {
    const checkId = randomUUID()
    await journal.put([{ checkId, miss: { at: start, kind: 'missed' } }], expiresAt)

    const item = await engine.database.get({
      table: engine.names.Journal,
      key: { check: checkId, entry: missEntry(start) },
      isCurrent: true,
    })

    expect(item).toMatchObject({ at: start, kind: 'missed', expiresAt })
    expect(await journal.pings({ id: checkId }, 10, later)).toEqual([])
    expect(await journal.flips({ id: checkId }, { limit: 10 }, later)).toEqual([])
  })

  it('does not show what has expired, though it still lies there', async () => {
    const checkId = randomUUID()
    await journal.put(
      [
        { checkId, ping: aLoggedPing(1) },
        { checkId, flip: aFlip(checkId, start) },
      ],
      expiresAt,
    )
    await journal.putBody({ checkId: checkId, number: 1, at: start }, aBody('x'), expiresAt)

    expect(await journal.pings({ id: checkId }, 10, expiresAt * 1000)).toEqual([])
    expect(await journal.flips({ id: checkId }, { limit: 10 }, expiresAt * 1000)).toEqual([])
    expect(await journal.body({ id: checkId }, 1, expiresAt * 1000)).toBeUndefined()
  })
})

describe('an entry that can not be read', () => {
  const odd = [
    { entry: 'ping#000000000002' },
    { entry: 'ping#000000000003', ...aLoggedPing(3), type: 'sideways' },
    { entry: 'ping#000000000004', ...aLoggedPing(4), at: 'noon' },
    { entry: flipEntry(start + 1) },
    {
      entry: flipEntry(start + 2),
      at: start,
      count: 0,
      status: 'sideways',
      from: 'up',
      reason: '',
    },
    { entry: bodyEntry(1), body: 'text' },
    { entry: bodyEntry(2), body: Buffer.from('never compressed') },
  ]

  it('is named and left out, and hides nothing that lies beside it', async () => {
    const warned = vi.spyOn(console, 'warn')
    const check = randomUUID()
    const flip = aFlip(check, start)
    await journal.put(
      [
        { checkId: check, ping: aLoggedPing(1) },
        { checkId: check, ping: aLoggedPing(5) },
        { checkId: check, flip },
      ],
      expiresAt,
    )
    for (const item of odd)
      await engine.client.send(
        new PutItemCommand({
          TableName: engine.names.Journal,
          Item: marshall({ check, ...item, expiresAt }),
        }),
      )

    expect(await journal.pings({ id: check }, 10, later)).toEqual([aLoggedPing(5), aLoggedPing(1)])
    expect(await journal.flips({ id: check }, { limit: 10 }, later)).toEqual([flip])
    expect([
      await journal.body({ id: check }, 1, later),
      await journal.body({ id: check }, 2, later),
    ]).toEqual([undefined, undefined])

    const named = warned.mock.calls.map(([line]) => line as unknown)
    expect(named).toHaveLength(odd.length)
    for (const { entry } of odd)
      expect(named).toContainEqual(
        expect.objectContaining({ event: 'item-unreadable', item: `${check} ${entry}` }),
      )
  })

  it('has what it takes, and what else is in it is not read', async () => {
    const check = randomUUID()
    const item = {
      check,
      entry: 'ping#000000000001',
      ...aLoggedPing(1),
      colour: 'green',
      expiresAt,
    }
    await engine.client.send(
      new PutItemCommand({ TableName: engine.names.Journal, Item: marshall(item) }),
    )

    expect(await journal.pings({ id: check }, 10, later)).toEqual([aLoggedPing(1)])
  })
})

describe('flips', () => {
  it('are newest first, and told apart within one instant', async () => {
    const checkId = randomUUID()
    const flips = [aFlip(checkId, start), aFlip(checkId, start, 1), aFlip(checkId, start + 1)]
    await journal.put(
      flips.map((flip) => ({ checkId, flip })),
      expiresAt,
    )

    expect(await journal.flips({ id: checkId }, { limit: 10 }, later)).toEqual(flips.toReversed())
  })

  it.each([
    [{ from: start }, [start + 10, start + 5, start]],
    [{ from: start + 1 }, [start + 10, start + 5]],
    [{ to: start + 10 }, [start + 5, start]],
    [{ from: start + 5, to: start + 6 }, [start + 5]],
    [{ from: start + 5, to: start + 5 }, []],
    [{ limit: 1 }, [start + 10]],
  ])('in %o begin with the first instant and end before the last', async (range, expected) => {
    const checkId = randomUUID()
    await journal.put(
      [0, 5, 10].map((ms) => ({ checkId, flip: aFlip(checkId, start + ms) })),
      expiresAt,
    )

    const flips = await journal.flips({ id: checkId }, { limit: 10, ...range }, later)

    expect(flips.map(({ at }) => at)).toEqual(expected)
  })
})

describe('a check whose id another had before', () => {
  /** The log of a check with twenty pings, under the one of the next with so many. */
  async function nextLog(count: number, from = start + 100) {
    const check = { id: randomUUID(), logFrom: from }
    const pingsOf = (since: number, most: number) =>
      Array.from({ length: most }, (_, index) => aLoggedPing(index + 1)).map((ping) => ({
        checkId: check.id,
        ping: { ...ping, at: since + ping.number },
      }))
    await journal.put(pingsOf(start, 20), expiresAt)
    const own = pingsOf(from - 1, count)
    await journal.put(own, expiresAt)
    return { check, own: own.map(({ ping }) => ping).toReversed() }
  }

  it.each([0, 1, 2, 7, 19, 20, 30])('shows of %i pings its own', async (count) => {
    const { check, own } = await nextLog(count)

    expect(await journal.pings(check, 100, later)).toEqual(own)
    expect(await journal.pings(check, 2, later)).toEqual(own.slice(0, 2))
    expect(await journal.pingsBefore(check, { before: 19, limit: 3 }, later)).toEqual(
      own.filter(({ number }) => number < 19).slice(0, 3),
    )
  })

  it('shows no flip, miss or body from before', async () => {
    const check = { id: randomUUID(), logFrom: start + 5 }
    const ats = [start + 4, start + 5]
    const entries = ats.flatMap((at) => [
      { checkId: check.id, flip: aFlip(check.id, at) },
      { checkId: check.id, miss: { at, kind: 'missed' } as const },
    ])
    await journal.put(entries, expiresAt)
    for (const [index, at] of ats.entries())
      await journal.putBody({ checkId: check.id, number: index, at }, aBody('x'), expiresAt)

    expect(await journal.flips(check, { limit: 10 }, later)).toMatchObject([{ at: start + 5 }])
    expect(await journal.flips(check, { from: start, limit: 10 }, later)).toHaveLength(1)
    expect(await journal.misses(check, 10, later)).toMatchObject([{ at: start + 5 }])
    expect(await journal.body(check, 0, later)).toBeUndefined()
    expect(await journal.body(check, 1, later)).toBeDefined()
  })
})

describe('a body', () => {
  it.each([
    ['text', Buffer.from('hello world')],
    ['bytes that are no text', Buffer.from([0, 255, 1, 254, 13, 10])],
    ['a long text', Buffer.alloc(1_000_000, 'abcdefghij')],
  ])('of %s comes back byte for byte', async (_, body) => {
    const checkId = randomUUID()

    await journal.putBody({ checkId: checkId, number: 1, at: start }, aBody(body), expiresAt)

    expect(
      Buffer.from((await journal.body({ id: checkId }, 1, later))?.bytes ?? []).equals(body),
    ).toBe(true)
  })

  it('that cannot be compressed fits into an item beside the words of a mail, as far as it is kept', async () => {
    const checkId = randomUUID()
    const random = randomBytes(500_000)
    const bytes = random.subarray(0, keptBytes(random, Infinity))
    const words = wordsOf(
      { subject: '\u2028'.repeat(2000), plain: random.toString('latin1'), html: '' },
      Infinity,
    )

    await journal.putBody(
      { checkId: checkId, number: 1, at: start },
      { bytes, receivedBytes: random.length, words },
      expiresAt,
    )

    const kept = await journal.body({ id: checkId }, 1, later)
    expect(Buffer.from(kept?.bytes ?? []).equals(bytes)).toBe(true)
    expect(kept).toMatchObject({ receivedBytes: 500_000, words: { subject: words.subject } })
  })

  it('that was never there is undefined', async () => {
    expect(await journal.body({ id: randomUUID() }, 1, later)).toBeUndefined()
  })
})
