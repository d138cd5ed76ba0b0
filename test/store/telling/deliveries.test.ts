import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Delivery } from '../../../lambdas/domain/telling/alert.ts'
import { laterChange } from '../../../lambdas/domain/telling/later-change.ts'
import { tellingKey } from '../../../lambdas/domain/telling/telling.ts'
import type { Flip } from '../../../lambdas/domain/watching/flip.ts'
import { Deliveries } from '../../../lambdas/store/telling/deliveries.ts'
import { memoryDatabase } from '../../support/memory-database.ts'
import { MemoryTables } from '../../../lib/local/engine/memory-tables.ts'
import { aChannel, aDelivery, anAlert } from '../../support/alerts.ts'
import { minute, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

const terms = { claimant: 'one', now: start, leaseUntil: start + minute, expiresAt: 2_000_000_000 }
const failure = { claimant: 'one', at: start, error: 'busy' }
let engine: TestEngine
let deliveries: Deliveries
let count = 0

beforeAll(async () => {
  engine = await makeTables()
  deliveries = new Deliveries(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())

/** Few instants and counts, so that changes are alike in one or in both. */
const anyChange = fc.record({
  at: fc.integer({ min: 0, max: 2 }).map((ms) => start + ms),
  count: fc.integer({ min: 0, max: 2 }),
  status: fc.constantFrom('up', 'down'),
})

const anyTelling = fc.integer({ min: 0, max: 2 })

/** Deliveries of a check, each telling to each channel at most once. */
const manyTold = fc.uniqueArray(
  fc.record({
    change: anyChange,
    telling: anyTelling,
    channelId: fc.constantFrom('channel-1', 'channel-2'),
    state: fc.constantFrom('sending', 'sending', 'waiting', 'sent', 'failed'),
    claimant: fc.constantFrom('one', 'another', 'third'),
    leaseUntil: fc.integer({ min: 0, max: 4 }).map((seconds) => start + seconds * 1000),
  }),
  {
    maxLength: 5,
    selector: ({ change, telling, channelId }) => `${tellingKey(change, telling)}#${channelId}`,
  },
)
type Told = typeof manyTold extends fc.Arbitrary<readonly (infer Each)[]> ? Each : never

/** A delivery of a flip that no other test has. */
function aNewDelivery(): Delivery {
  count += 1
  return aDelivery({ alert: anAlert({ flip: { count } }) })
}

describe('the deliveries about a check', () => {
  it('are told with what became of each, the latest change first', async () => {
    const checkId = 'check-of-deliveries'
    const flipOf = (at: number): Flip => ({ ...anAlert().flip, checkId, at })
    const first = aDelivery({ alert: anAlert({ flip: flipOf(start) }) })
    const second = aDelivery({ alert: anAlert({ flip: flipOf(start + minute) }) })
    await deliveries.claim(first, terms)
    await deliveries.markSent(first, start + 5)
    await deliveries.claim(second, terms)
    await deliveries.release(second, failure)

    const about = await deliveries.about({ id: checkId }, 10, start)

    const named = about.map(({ state, at, error, change }) => ({ state, at, error, of: change.at }))
    expect(named).toEqual([
      { state: 'waiting', at: start, error: 'busy', of: start + minute },
      { state: 'sent', at: start + 5, error: undefined, of: start },
    ])
    expect(await deliveries.about({ id: checkId }, 1, start)).toEqual(about.slice(0, 1))
    const ofNext = await deliveries.about({ id: checkId, logFrom: start + 1 }, 10, start)
    expect(ofNext).toEqual(about.slice(0, 1))
  })
})

describe('a mail that bounced', () => {
  const bounce = { state: 'failed', at: start + 5, error: 'bounce' } as const

  it('is not said to be sent by who sent it, however late that is noted', async () => {
    const delivery = aDelivery({ channel: aChannel({ id: 'of-a-mail-that-bounced' }) })
    const { id } = delivery.channel
    await deliveries.noteOutcome(id, bounce, { isOfMail: true })

    await deliveries.markSent(delivery, start + minute, { startedAt: start + 5 })
    expect(await deliveries.lastOutcome(id)).toEqual(bounce)

    await deliveries.markSent(delivery, start + minute, { startedAt: start + 6 })
    expect(await deliveries.lastOutcome(id)).toMatchObject({ state: 'sent' })
  })
})

describe('Deliveries', () => {
  it('gives a delivery to one only', async () => {
    const delivery = aNewDelivery()

    const claims = await Promise.all([
      deliveries.claim(delivery, terms),
      deliveries.claim(delivery, { ...terms, claimant: 'another' }),
    ])

    expect(claims).toContainEqual('claimed')
    expect(claims).toContainEqual({ leasedUntil: terms.leaseUntil })
  })

  it('keeps the channels of a flip apart', async () => {
    const delivery = aNewDelivery()
    await deliveries.claim(delivery, terms)

    const other = await deliveries.claim(
      { ...delivery, channel: aChannel({ id: 'another' }) },
      terms,
    )

    expect(other).toBe('claimed')
  })

  it('gives a delivery again when its lease has ended, and not before', async () => {
    const delivery = aNewDelivery()
    await deliveries.claim(delivery, terms)

    const before = await deliveries.claim(delivery, {
      ...terms,
      claimant: 'another',
      now: terms.leaseUntil - 1,
    })
    const after = await deliveries.claim(delivery, {
      ...terms,
      claimant: 'another',
      now: terms.leaseUntil,
    })

    expect([before, after]).toEqual([{ leasedUntil: terms.leaseUntil }, 'claimed again'])
  })

  it('gives a delivery again to who has it, as after an answer that was lost', async () => {
    const delivery = aNewDelivery()

    expect([
      await deliveries.claim(delivery, terms),
      await deliveries.claim(delivery, terms),
    ]).toEqual(['claimed', 'claimed again'])
  })

  it('gives a released delivery at once, and says that it was tried before', async () => {
    const delivery = aNewDelivery()
    await deliveries.claim(delivery, terms)
    await deliveries.release(delivery, failure)

    expect(await deliveries.claim(delivery, terms)).toBe('claimed again')
  })

  it.each(['markSent', 'markFailed'] as const)(
    'gives a delivery never again after %s',
    async (settle) => {
      const delivery = aNewDelivery()
      await deliveries.claim(delivery, terms)
      if (settle === 'markSent') await deliveries.markSent(delivery, start)
      else await deliveries.markFailed(delivery, failure)

      expect(await deliveries.claim(delivery, { ...terms, now: terms.leaseUntil })).toBe('settled')
    },
  )

  it('is not undone by a release that was long on its way', async () => {
    const delivery = aNewDelivery()
    await deliveries.claim(delivery, terms)
    await deliveries.release(delivery, failure)
    await deliveries.claim(delivery, { ...terms, claimant: 'another' })

    await deliveries.release(delivery, failure)
    const whileSending = await deliveries.claim(delivery, { ...terms, claimant: 'third' })
    await deliveries.markSent(delivery, start)
    await deliveries.release(delivery, failure)

    expect(whileSending).toEqual({ leasedUntil: terms.leaseUntil })
    expect(await deliveries.claim(delivery, terms)).toBe('settled')
    expect(await read(delivery)).toMatchObject({ failures: [{ at: start, error: 'busy' }] })
  })

  it('shows each attempt, with as much of its error as people read', async () => {
    const delivery = aNewDelivery()
    for (const error of ['x'.repeat(500), 'busy']) {
      await deliveries.claim(delivery, terms)
      await deliveries.release(delivery, { ...failure, error })
    }
    await deliveries.claim(delivery, terms)
    await deliveries.markSent(delivery, start + minute)

    expect(await read(delivery)).toMatchObject({
      state: 'sent',
      attempts: 3,
      failures: [
        { at: start, error: 'x'.repeat(200) },
        { at: start, error: 'busy' },
      ],
      sentAt: start + minute,
      expiresAt: terms.expiresAt,
    })
  })
})

describe('a later change', () => {
  const of = (flip: Partial<Flip>, channelId = 'channel-1', telling = 0) =>
    aDelivery({
      alert: { ...anAlert({ flip: { checkId: 'check-later', at: start, ...flip } }), telling },
      channel: aChannel({ id: channelId }),
    })
  const own = of({ count: 5 })
  const cases: readonly (readonly [claim: string, told: Delivery, isFound: boolean])[] = [
    ['is one that its channel has taken', of({ at: start + 1, count: 5 }), true],
    ['is none that another channel has taken', of({ count: 6 }, 'channel-2'), false],
    ['is none of another check', of({ checkId: 'check-other', count: 6 }), false],
  ]

  it.each(cases)('%s', async (_, told, isFound) => {
    const fresh = aStore()
    await fresh.markSent(told, start)

    expect(await laterThanOwn(fresh)).toBe(isFound ? 'sent' : undefined)
  })

  it('is found behind those that nobody has taken, however many pages they fill', async () => {
    const fresh = aStore()
    await fresh.markSent(of({ count: 6 }), start)
    for (const count of [7, 8, 9]) await fresh.claim(of({ count }), terms)

    expect(await laterThanOwn(fresh)).toBe('sent')
  })

  it('is found as the domain says, whatever was told of it and of others', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyChange,
        anyTelling,
        fc.integer({ min: 0, max: 4 }),
        manyTold,
        async (...given) => {
          const [change, telling, seconds, all] = given
          const lease = { claimant: terms.claimant, now: start + seconds * 1000 }
          count += 1
          const checkId = `check-told-${count}`
          for (const told of all) await tell(checkId, told)

          const flip = { ...own.alert.flip, ...change, checkId }
          const found = await deliveries.laterThan({ flip, telling }, 'channel-1', lease)

          const toChannel = all.filter(({ channelId }) => channelId === 'channel-1')
          expect(found).toEqual(laterChange({ change, telling }, lease, toChannel))
        },
      ),
      { numRuns: 200 },
    )
  })

  async function tell(checkId: string, told: Told): Promise<void> {
    const { change, telling, channelId, state, claimant, leaseUntil } = told
    const delivery = of({ ...change, checkId }, channelId, telling)
    await deliveries.claim(delivery, { ...terms, claimant, leaseUntil })
    if (state === 'sent') await deliveries.markSent(delivery, start)
    if (state === 'failed') await deliveries.markFailed(delivery, { ...failure, claimant })
    if (state === 'waiting') await deliveries.release(delivery, { ...failure, claimant })
  }

  function laterThanOwn(store: Deliveries) {
    return store.laterThan(own.alert, 'channel-1', { claimant: terms.claimant, now: start })
  }
})

/** A store of its own, whose pages hold one entry each. */
function aStore(): Deliveries {
  const tables = new MemoryTables([{ name: 'Journal', partitionKey: 'check', sortKey: 'entry' }], {
    pageSize: 1,
  })
  return new Deliveries(memoryDatabase(tables), 'Journal')
}

async function read({ alert: { flip }, channel }: Delivery): Promise<Record<string, unknown>> {
  const entry = `delivery#${flip.at.toString().padStart(15, '0')}#${flip.count.toString().padStart(12, '0')}#down#${channel.id}`
  const Key = marshall({ check: flip.checkId, entry })
  const { Item } = await engine.client.send(
    new GetItemCommand({ TableName: engine.names.Journal, Key }),
  )
  return unmarshall(Item ?? {})
}
