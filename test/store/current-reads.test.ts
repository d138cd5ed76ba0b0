import { beforeEach, describe, expect, it } from 'vitest'
import { noIntake } from '../../lambdas/domain/watching/intake.ts'
import { Deliveries } from '../../lambdas/store/telling/deliveries.ts'
import { Digests } from '../../lambdas/store/telling/digests.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { noticeKey } from '../../lambdas/domain/telling/notice.ts'
import { Operations } from '../../lambdas/store/watching/operations.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { MemoryTables } from '../../lib/local/engine/memory-tables.ts'
import { aDelivery, aDigestEntry, deadline } from '../support/alerts.ts'
import { aHeartbeat, start } from '../support/builders.ts'

const shapes = [
  { name: 'Heartbeats', partitionKey: 'id' },
  { name: 'Journal', partitionKey: 'check', sortKey: 'entry' },
  { name: 'Operations', partitionKey: 'key' },
]
let heartbeats: Heartbeats
let operations: Operations
let digests: Digests
let deliveries: Deliveries

/** Whatever does not ask for what is now sees what was before the test. */
beforeEach(() => {
  const database = memoryDatabase(
    new MemoryTables(shapes, { now: () => start, staleness: { mostMs: 1000, pick: () => 1 } }),
  )
  heartbeats = new Heartbeats(database, 'Heartbeats')
  operations = new Operations(database, 'Operations')
  digests = new Digests(database, 'Journal')
  deliveries = new Deliveries(database, 'Journal')
})

describe('what an alert hangs on is read as it is now', () => {
  it('the heartbeats that are about to be judged', async () => {
    await heartbeats.define('check-1', aHeartbeat())

    expect([
      await heartbeats.read('check-1'),
      (await heartbeats.readMany(['check-1'])).get('check-1'),
    ]).toMatchObject([{ id: 'check-1' }, { id: 'check-1' }])
  })

  it('whether pings are taken, and what was sent again', async () => {
    const record = { canaryId: 'canary-1', longestHoldMs: 1, revision: 1, intake: noIntake }
    await operations.putIntake(record)
    await operations.markResent(start)

    expect([await operations.intake(), await operations.resentUntil()]).toEqual([record, start])
  })

  it('what waits for a digest, and when that is due', async () => {
    const entry = aDigestEntry()
    await digests.add('channel-1', entry)
    await digests.markDue('channel-1', 'minute', deadline)

    expect(
      (await digests.waiting('channel-1', 'minute', { limit: 10, now: deadline })).entries,
    ).toEqual([entry])
    expect(await digests.dueAt('channel-1', 'minute')).toBe(deadline)
  })

  it('what became of a delivery, and of the last to a channel', async () => {
    const delivery = aDelivery()
    await deliveries.markSent(delivery, start)

    expect(
      await deliveries.isSent({ ...noticeKey(delivery), channelId: delivery.channel.id }),
    ).toBe(true)
    expect(await deliveries.lastOutcome(delivery.channel.id)).toMatchObject({ state: 'sent' })
  })
})
