import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../lambdas/domain/watching/check.ts'
import { isWithoutState } from '../../lambdas/domain/watching/state-loss.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { publication, publish, unpublish } from '../../lambdas/store/publishing.ts'
import { transact } from '../../lambdas/store/items/transaction.ts'
import { Lookups } from '../../lambdas/store/registry/lookups.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { aCheck, hour, start } from '../support/builders.ts'
import { makeTables, type TestEngine } from '../support/engine.ts'

let engine: TestEngine
let heartbeats: Heartbeats
let lookups: Lookups
let pingKey: string
let check: Check

beforeAll(async () => {
  engine = await makeTables()
  heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  lookups = new Lookups(engine.database, engine.names.Lookups)
})
afterAll(() => engine.stop())
beforeEach(() => {
  pingKey = random.uuid()
  check = aCheck({ id: random.uuid(), slug: 'backup', createdAt: start })
})

function depsAt(now: number) {
  return { heartbeats, lookups, clock: { now: () => now } }
}

async function behindSlug(): Promise<readonly string[]> {
  return lookups.checksBehind({ pingKey, slug: 'backup' })
}

describe('a published check', () => {
  it.each([
    ['after it was made', () => publish(depsAt(start), check, pingKey)],
    [
      'in the transaction that makes it',
      () => transact(engine.database, [...publication(depsAt(start), { check, pingKey })]),
    ],
  ])('is pinged by UUID and by slug, published %s', async (_, published) => {
    await published()

    expect(await heartbeats.read(check.id)).toMatchObject({ version: 1, status: 'new' })
    expect(await behindSlug()).toEqual([check.id])
  })

  it('stays as it is when an older one is published', async () => {
    await publish(depsAt(start), { ...check, version: 2 }, pingKey)
    await publish(depsAt(start), { ...check, slug: 'other' }, pingKey)

    expect(await heartbeats.read(check.id)).toMatchObject({ version: 2 })
    expect(await behindSlug()).toEqual([check.id])
  })

  it('is known to have lost its state where it had to be made anew', async () => {
    await publish(depsAt(start + hour), check, pingKey)

    const heartbeat = await heartbeats.read(check.id)
    expect(heartbeat && isWithoutState(heartbeat)).toBe(true)
  })

  it('is gone once it is unpublished, and stays so', async () => {
    await publish(depsAt(start), check, pingKey)

    await unpublish(depsAt(start), check.id, 2)
    await publish(depsAt(start), check, pingKey)

    expect(await heartbeats.read(check.id)).toBeUndefined()
    expect(await behindSlug()).toEqual([])
  })
})
