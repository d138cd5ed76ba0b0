import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Claim,
  claimDelivery,
  type DeliveryProgress,
  failedDelivery,
  givenUpDelivery,
  sentDelivery,
} from '../../../lambdas/domain/telling/delivery-progress.ts'
import type { DigestEntry } from '../../../lambdas/domain/telling/digest.ts'
import { flipKey } from '../../../lambdas/domain/watching/flip.ts'
import { deliveryEntry } from '../../../lambdas/store/keys.ts'
import {
  type DigestClaim,
  DigestDeliveries,
} from '../../../lambdas/store/telling/digest-deliveries.ts'
import { aDigestEntry } from '../../support/alerts.ts'
import { start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

const LEASE_MS = 2000
const ENTRIES = 3

let engine: TestEngine
let deliveries: DigestDeliveries
let made = 0

beforeAll(async () => {
  engine = await makeTables()
  deliveries = new DigestDeliveries(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())

/** What is done with some of the entries. */
const step = fc.record({
  deed: fc.constantFrom('claim', 'claim', 'send', 'refuse', 'release'),
  chosen: fc.subarray([...Array(ENTRIES).keys()], { minLength: 1 }),
  claimant: fc.constantFrom('one', 'another'),
  at: fc.integer({ min: 0, max: 5 }).map((seconds) => start + seconds * 1000),
  error: fc.constantFrom('busy', 'x'.repeat(300)),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

describe('the deliveries of a digest in DynamoDB', () => {
  it('go from state to state as the domain says of each, whatever came before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        const entries = newEntries()
        const known = new Map<DigestEntry, DeliveryProgress>()

        for (const each of steps) {
          // What was never claimed has nothing to settle.
          const chosen = entries.filter(
            (entry, index) =>
              each.chosen.includes(index) && (each.deed === 'claim' || known.has(entry)),
          )
          const results = chosen.map((entry) => ({ entry, ...expected(known.get(entry), each) }))
          expect(await take(chosen, each)).toEqual(
            each.deed === 'claim' ? parted(results) : undefined,
          )
          for (const { entry, after } of results) if (after !== undefined) known.set(entry, after)
          for (const entry of entries) expect(await stored(entry)).toEqual(known.get(entry))
        }
      }),
      { numRuns: 100 },
    )
  })
})

type Expected = { readonly claim?: Claim; readonly after: DeliveryProgress | undefined }

function expected(before: DeliveryProgress | undefined, each: Step): Expected {
  const { deed, claimant, at, error } = each
  if (before === undefined || deed === 'claim')
    return claimDelivery(before, { claimant, now: at, leaseUntil: at + LEASE_MS })
  switch (deed) {
    case 'send':
      return { after: sentDelivery(before, at) }
    case 'refuse':
      return { after: givenUpDelivery(before, { at, error }) }
    case 'release':
      return { after: failedDelivery(before, 'waiting', { claimant, at, error }) }
  }
}

/** A digest takes what it can, and learns of the rest whether it is worth another look. */
function parted(results: readonly (Expected & { readonly entry: DigestEntry })[]): DigestClaim {
  const kinds = Map.groupBy(results, ({ claim }) => {
    if (typeof claim === 'object') return 'leased'
    return claim === 'settled' ? 'settled' : 'claimed'
  })
  const entriesOf = (kind: keyof DigestClaim) => (kinds.get(kind) ?? []).map(({ entry }) => entry)
  return {
    claimed: entriesOf('claimed'),
    settled: entriesOf('settled'),
    leased: entriesOf('leased'),
  }
}

async function take(
  entries: readonly DigestEntry[],
  { deed, claimant, at, error }: Step,
): Promise<DigestClaim | undefined> {
  switch (deed) {
    case 'claim': {
      const leaseUntil = at + LEASE_MS
      const terms = { claimant, now: at, leaseUntil, expiresAt: 2_000_000_000 }
      return deliveries.claim('channel', entries, terms)
    }
    case 'send':
      await deliveries.settle('channel', entries, { state: 'sent', now: at })
      return undefined
    case 'refuse':
      await deliveries.settle('channel', entries, { state: 'failed', error, now: at })
      return undefined
    case 'release':
      await deliveries.release('channel', entries, { claimant, at, error })
      return undefined
  }
}

async function stored({ flip }: DigestEntry): Promise<object | undefined> {
  const item = await engine.database.get({
    table: engine.names.Journal,
    key: { check: flip.checkId, entry: deliveryEntry(flipKey(flip), 'channel') },
    isCurrent: true,
  })
  if (item === undefined) return undefined
  const { check: _, entry: __, expiresAt: ___, ...progress } = item
  return { failures: [], ...progress }
}

/** Flips of checks that no other run has. */
function newEntries(): readonly DigestEntry[] {
  made += 1
  return Array.from({ length: ENTRIES }, (_, index) =>
    aDigestEntry({ flip: { checkId: `check-${made}-${index}` } }),
  )
}
