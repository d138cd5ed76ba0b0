import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Delivery } from '../../../lambdas/domain/telling/alert.ts'
import {
  type Claim,
  claimDelivery,
  type DeliveryProgress,
  failedDelivery,
  sentDelivery,
} from '../../../lambdas/domain/telling/delivery-progress.ts'
import { noticeKey } from '../../../lambdas/domain/telling/notice.ts'
import { deliveryEntry } from '../../../lambdas/store/keys.ts'
import { Deliveries } from '../../../lambdas/store/telling/deliveries.ts'
import { aDelivery, anAlert } from '../../support/alerts.ts'
import { start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let deliveries: Deliveries
let made = 0

beforeAll(async () => {
  engine = await makeTables()
  deliveries = new Deliveries(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())

const LEASE_MS = 2000

/** Few claimants and few instants, so that leases run, end, and are taken over. */
const step = fc.record({
  deed: fc.constantFrom('claim', 'claim', 'send', 'release', 'defer', 'refuse', 'drop'),
  claimant: fc.constantFrom('one', 'another'),
  at: fc.integer({ min: 0, max: 5 }).map((seconds) => start + seconds * 1000),
  error: fc.constantFrom('busy', 'x'.repeat(300)),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

describe('a delivery in DynamoDB', () => {
  it('goes from state to state as the domain says, whatever came before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const delivery = aNewDelivery()
        let progress: DeliveryProgress | undefined

        for (const each of steps) {
          // Who has claimed nothing yet has nothing to tell.
          if (progress === undefined && each.deed !== 'claim') continue
          const { claim, after } = expected(progress, each)
          expect(await take(delivery, each)).toEqual(claim)
          expect(await stored(delivery)).toEqual(after)
          progress = after
        }
      }),
      { numRuns: 200 },
    )
  })
})

function expected(
  before: DeliveryProgress | undefined,
  { deed, claimant, at, error }: Step,
): { readonly claim?: Claim; readonly after: DeliveryProgress | undefined } {
  if (before === undefined || deed === 'claim')
    return claimDelivery(before, { claimant, now: at, leaseUntil: at + LEASE_MS })
  if (deed === 'send') return { after: sentDelivery(before, at) }
  const state = deed === 'release' || deed === 'defer' ? 'waiting' : 'failed'
  return { after: failedDelivery(before, state, { claimant, at, error }) }
}

async function take(
  delivery: Delivery,
  { deed, claimant, at, error }: Step,
): Promise<Claim | undefined> {
  const failure = { claimant, at, error }
  switch (deed) {
    case 'claim': {
      const leaseUntil = at + LEASE_MS
      return deliveries.claim(delivery, { claimant, now: at, leaseUntil, expiresAt: 2_000_000_000 })
    }
    case 'send':
      await deliveries.markSent(delivery, at)
      return undefined
    case 'release':
      await deliveries.release(delivery, failure)
      return undefined
    case 'defer':
      await deliveries.defer(delivery, failure)
      return undefined
    case 'refuse':
      await deliveries.markFailed(delivery, failure)
      return undefined
    case 'drop':
      await deliveries.drop(delivery, failure)
      return undefined
  }
}

async function stored(delivery: Delivery): Promise<object> {
  const { subject, key } = noticeKey(delivery)
  const item = await engine.database.get({
    table: engine.names.Journal,
    key: { check: subject, entry: deliveryEntry(key, delivery.channel.id) },
    isCurrent: true,
  })
  const { check: _, entry: __, expiresAt: ___, ...progress } = item ?? {}
  return { failures: [], ...progress }
}

/** A delivery of a flip that no other run has. */
function aNewDelivery(): Delivery {
  made += 1
  return aDelivery({ alert: anAlert({ flip: { count: made } }) })
}
