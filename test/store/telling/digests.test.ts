import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DigestEntry, DigestInterval } from '../../../lambdas/domain/telling/digest.ts'
import { endDigestTurn, takeDigestTurn } from '../../../lambdas/domain/telling/digest-turn.ts'
import type { GivenLease } from '../../../lambdas/domain/telling/lease.ts'
import { flipKey } from '../../../lambdas/domain/watching/flip.ts'
import { Deliveries } from '../../../lambdas/store/telling/deliveries.ts'
import { DigestDeliveries } from '../../../lambdas/store/telling/digest-deliveries.ts'
import { Digests } from '../../../lambdas/store/telling/digests.ts'
import { aChannel, aDelivery, aDigestEntry, anAlert, deadline } from '../../support/alerts.ts'
import { hour, minute, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

const terms = {
  claimant: 'one',
  now: deadline,
  leaseUntil: deadline + minute,
  expiresAt: 2_000_000_000,
}
/** Few claimants and few instants, so that leases run, end, and are taken over. */
const turnStep = fc.record({
  deed: fc.constantFrom('take', 'take', 'end', 'due'),
  claimant: fc.constantFrom('one', 'another'),
  at: fc.integer({ min: 0, max: 5 }).map((ms) => start + ms),
})
let engine: TestEngine
let digests: Digests
let digestDeliveries: DigestDeliveries
let deliveries: Deliveries
let channel: string
let channels = 0

beforeAll(async () => {
  engine = await makeTables()
  digests = new Digests(engine.database, engine.names.Journal)
  digestDeliveries = new DigestDeliveries(engine.database, engine.names.Journal)
  deliveries = new Deliveries(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())
beforeEach(() => {
  channels += 1
  channel = `channel-${channels}`
})

function entries(count: number): readonly DigestEntry[] {
  return Array.from({ length: count }, (_, index) =>
    aDigestEntry({ flip: { checkId: `${channel}-${index.toString().padStart(4, '0')}` } }),
  )
}

/** The same delivery as a single one. */
function single({ flip }: DigestEntry) {
  return aDelivery({ alert: anAlert({ flip }), channel: aChannel({ id: channel }) })
}

async function deliveryItem({ flip }: DigestEntry): Promise<Record<string, unknown>> {
  const Key = marshall({ check: flip.checkId, entry: `delivery#${flipKey(flip)}#${channel}` })
  const { Item } = await engine.client.send(
    new GetItemCommand({ TableName: engine.names.Journal, Key }),
  )
  return unmarshall(Item ?? {})
}

async function wait(all: readonly DigestEntry[]): Promise<void> {
  await Promise.all(all.map((entry) => digests.add(channel, entry)))
}

describe('what waits for a digest', () => {
  it('is found as it was added, oldest first, once, and up to the limit', async () => {
    const [one, two] = [
      aDigestEntry({ flip: { downSinceAt: start } }),
      aDigestEntry({ flip: { at: deadline + 1 } }),
    ]
    await wait([two, one, one])

    expect(await digests.waiting(channel, 'minute', { limit: 10, now: deadline })).toEqual({
      entries: [one, two],
      broken: [],
      isFull: false,
    })
    expect(await digests.waiting(channel, 'minute', { limit: 1, now: deadline })).toEqual({
      entries: [one],
      broken: [],
      isFull: true,
    })
  })

  it('hides nothing when some of it cannot be read, and is named', async () => {
    const [one, two] = [aDigestEntry(), aDigestEntry({ flip: { at: deadline + 2 } })]
    await wait([one, two])
    const odd = {
      check: `digest#${channel}`,
      entry: `waiting#${flipKey(one.flip)}#odd`,
      details: { flip: 'odd' },
      expiresAt: deadline,
    }
    await engine.client.send(
      new PutItemCommand({ TableName: engine.names.Journal, Item: marshall(odd) }),
    )

    expect(await digests.waiting(channel, 'minute', { limit: 10, now: deadline })).toEqual({
      entries: [one, two],
      broken: [`${channel} ${odd.entry}`],
      isFull: false,
    })
  })

  it('is not asked for again when none of what is in reach can be read', async () => {
    await wait([aDigestEntry({ flip: { at: deadline + 2 } })])
    const odd = {
      check: `digest#${channel}`,
      entry: `waiting#${flipKey(aDigestEntry().flip)}`,
      details: { flip: 'odd' },
      expiresAt: deadline,
    }
    await engine.client.send(
      new PutItemCommand({ TableName: engine.names.Journal, Item: marshall(odd) }),
    )

    expect(await digests.waiting(channel, 'minute', { limit: 1, now: deadline })).toEqual({
      entries: [],
      broken: [`${channel} ${odd.entry}`],
      isFull: false,
    })
  })

  it('is each telling of a flip by itself', async () => {
    const tellings = [aDigestEntry(), aDigestEntry({ telling: 1 }), aDigestEntry({ telling: 2 })]
    await wait([...tellings].reverse())

    const { entries } = await digests.waiting(channel, 'minute', { limit: 10, now: deadline })

    expect(entries).toEqual(tellings)
  })

  it('waits for the digest of its own pace', async () => {
    const [one, two] = [aDigestEntry(), aDigestEntry({ every: 'hour', flip: { at: deadline + 1 } })]
    await wait([one, two])
    await digests.markDue(channel, 'hour', deadline + hour)
    const read = async (every: DigestInterval) =>
      (await digests.waiting(channel, every, { limit: 10, now: deadline })).entries

    expect([await read('minute'), await read('hour')]).toEqual([[one], [two]])
    expect([await digests.dueAt(channel, 'minute'), await digests.dueAt(channel, 'hour')]).toEqual([
      undefined,
      deadline + hour,
    ])
    await digestDeliveries.claim(channel, [two], terms)
    await digestDeliveries.settle(channel, [two], { state: 'sent', now: deadline })
    expect([await read('minute'), await read('hour')]).toEqual([[one], []])
  })

  it('waits for two weeks, as long as dead letters are kept', async () => {
    await wait([aDigestEntry()])

    const found = await Promise.all(
      [14, 16].map((days) =>
        digests.waiting(channel, 'minute', { limit: 10, now: deadline + days * 24 * hour }),
      ),
    )

    expect(found.map(({ entries }) => entries.length)).toEqual([1, 0])
  })

  it('is found behind what has expired', async () => {
    const old = entries(3)
    const current = aDigestEntry({
      flip: { at: deadline + 1 },
      gatheredAt: deadline + 20 * 24 * hour,
    })
    await wait([...old, current])

    expect(
      (await digests.waiting(channel, 'minute', { limit: 2, now: deadline + 20 * 24 * hour }))
        .entries,
    ).toEqual([current])
  })

  it('has a time at which it is due', async () => {
    const before = await digests.dueAt(channel, 'minute')
    await digests.markDue(channel, 'minute', deadline)

    expect([before, await digests.dueAt(channel, 'minute')]).toEqual([undefined, deadline])
  })
})

describe('a turn', () => {
  it('is one at a time, ends early or with its lease, and leaves alone when a digest is due', async () => {
    const other = { ...terms, claimant: 'two' }
    await digests.markDue(channel, 'minute', deadline)

    expect(await digests.takeTurn(channel, terms)).toBe('taken')
    expect(await digests.takeTurn(channel, terms)).toBe('taken')
    expect(await digests.takeTurn(channel, other)).toEqual({ leasedUntil: terms.leaseUntil })
    await digests.endTurn(channel, 'two')
    expect(await digests.takeTurn(channel, other)).toEqual({ leasedUntil: terms.leaseUntil })
    await digests.endTurn(channel, 'one')
    expect(await digests.takeTurn(channel, other)).toBe('taken')
    expect(await digests.takeTurn(channel, { ...terms, now: terms.leaseUntil })).toBe('taken')
    expect(await digests.dueAt(channel, 'minute')).toBe(deadline)
  })

  it('is taken and ended as the domain says, whatever came before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turnStep, { maxLength: 8 }), async (steps) => {
        channels += 1
        const id = `channel-${channels}`
        let known: GivenLease | undefined

        for (const { deed, claimant, at } of steps) {
          if (deed === 'due') await digests.markDue(id, 'minute', at)
          else if (deed === 'end') {
            await digests.endTurn(id, claimant)
            known = endDigestTurn(known, claimant)
          } else {
            const lease = { claimant, now: at, leaseUntil: at + 2 }
            const { turn, after } = takeDigestTurn(known, lease)
            expect(await digests.takeTurn(id, { ...terms, ...lease })).toEqual(turn)
            known = after
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('the deliveries of a digest', () => {
  it('are claimed and settled, whatever their number', async () => {
    const all = entries(230)
    await wait(all)

    const { claimed, settled, leased } = await digestDeliveries.claim(channel, all, terms)
    await digestDeliveries.settle(channel, claimed, { state: 'sent', now: deadline })

    expect([claimed, settled, leased]).toEqual([all, [], []])
    expect(
      (await digests.waiting(channel, 'minute', { limit: 1000, now: deadline })).entries,
    ).toEqual([])
    for (const entry of [all[0], all[229]]) {
      expect(entry && (await deliveryItem(entry))).toMatchObject({
        state: 'sent',
        sentAt: deadline,
        attempts: 1,
        expiresAt: 2_000_000_000,
      })
    }
  })

  it('are left to whoever sends one of them singly, and not told again when that was done', async () => {
    const all = entries(4)
    const [sent, sending, ...free] = all
    if (sent === undefined || sending === undefined) throw new Error('no entries')
    await deliveries.claim(single(sent), { ...terms, claimant: 'single' })
    await deliveries.markSent(single(sent), deadline)
    await deliveries.claim(single(sending), { ...terms, claimant: 'single' })

    expect(await digestDeliveries.claim(channel, all, terms)).toEqual({
      claimed: free,
      settled: [sent],
      leased: [sending],
    })
  })

  it('are kept from single ones while they are sent, and after', async () => {
    const [entry] = entries(1)
    if (entry === undefined) throw new Error('no entry')
    await digestDeliveries.claim(channel, [entry], terms)

    const during = await deliveries.claim(single(entry), { ...terms, claimant: 'single' })
    await digestDeliveries.settle(channel, [entry], { state: 'sent', now: deadline })
    const after = await deliveries.claim(single(entry), {
      ...terms,
      claimant: 'single',
      now: terms.leaseUntil,
    })

    expect([during, after]).toEqual([{ leasedUntil: terms.leaseUntil }, 'settled'])
  })

  it('that failed wait on, each with the attempt noted', async () => {
    const all = entries(2)
    await wait(all)
    await digestDeliveries.claim(channel, all, terms)

    await digestDeliveries.release(channel, all, {
      claimant: 'one',
      at: deadline,
      error: 'throttled',
    })

    expect(
      (await digests.waiting(channel, 'minute', { limit: 10, now: deadline })).entries,
    ).toEqual(all)
    for (const entry of all) {
      expect(await deliveryItem(entry)).toMatchObject({
        state: 'waiting',
        failures: [{ at: deadline, error: 'throttled' }],
      })
    }
    expect(await digestDeliveries.claim(channel, all, { ...terms, claimant: 'two' })).toMatchObject(
      { claimed: all },
    )
  })

  it('that another has taken over since stay his when the end of the first attempt comes late', async () => {
    const all = entries(3)
    await digestDeliveries.claim(channel, all, terms)
    await digestDeliveries.claim(channel, all.slice(0, 1), {
      ...terms,
      claimant: 'two',
      now: terms.leaseUntil,
    })
    await digestDeliveries.settle(channel, all.slice(1, 2), { state: 'sent', now: deadline })

    await digestDeliveries.release(channel, all, { claimant: 'one', at: deadline, error: 'late' })

    const states = await Promise.all(all.map(async (entry) => (await deliveryItem(entry))['state']))
    expect(states).toEqual(['sending', 'sent', 'waiting'])
  })

  it('that can never be sent are failed for good, with the reason', async () => {
    const all = entries(1)
    await wait(all)
    await digestDeliveries.claim(channel, all, terms)

    await digestDeliveries.settle(channel, all, {
      state: 'failed',
      error: 'no such address',
      now: deadline,
    })

    expect(
      (await digests.waiting(channel, 'minute', { limit: 10, now: deadline })).entries,
    ).toEqual([])
    for (const entry of all)
      expect(await deliveryItem(entry)).toMatchObject({
        state: 'failed',
        failures: [{ error: 'no such address' }],
      })
  })

  it('that were told otherwise wait no longer, and stay as they are', async () => {
    const all = entries(1)
    await wait(all)

    await digestDeliveries.forget(channel, all)

    expect(
      (await digests.waiting(channel, 'minute', { limit: 10, now: deadline })).entries,
    ).toEqual([])
    for (const entry of all) expect(await deliveryItem(entry)).toEqual({})
  })
})
