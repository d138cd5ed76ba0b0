import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tallyKey } from '../../../lambdas/store/keys.ts'
import { Tallies } from '../../../lambdas/store/registry/tallies.ts'
import { hour, minute, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let tallies: Tallies

beforeAll(async () => {
  engine = await makeTables()
  tallies = new Tallies(engine.database, engine.names.Lookups)
})
afterAll(() => engine.stop())

const kept = {
  tally: { total: 3, grace: 1, down: 0 },
  countedAt: start,
  freshUntil: start + minute,
}
let badges = 0
const aBadge = () => ({ projectId: 'p', tag: `t${(badges += 1)}`, signature: 's' })

describe('a tally', () => {
  it('is there for who has the same signature and tag', async () => {
    const badge = aBadge()
    await tallies.keep(badge, kept)

    expect(await tallies.read(badge, start)).toEqual(kept)
    expect(await tallies.read({ ...badge, signature: 'x' }, start)).toBeUndefined()
    expect(await tallies.read({ ...badge, tag: 'x' }, start)).toBeUndefined()
  })

  it('is gone after a day, and when it can not be read', async () => {
    const badge = aBadge()
    await tallies.keep(badge, kept)
    expect(await tallies.read(badge, start + 24 * hour)).toBeUndefined()

    const spoil = {
      UpdateExpression: 'SET tally = :odd',
      ExpressionAttributeValues: marshall({ ':odd': 'odd' }),
    }
    await engine.client.send(
      new UpdateItemCommand({
        TableName: engine.names.Lookups,
        Key: marshall(tallyKey(badge)),
        ...spoil,
      }),
    )

    expect(await tallies.read(badge, start)).toBeUndefined()
  })

  it('that there is none of, or that is too old, is counted by one', async () => {
    const badge = aBadge()
    const claims = (now: number) => Promise.all([1, 2, 3].map(() => tallies.claim(badge, now)))
    const one = (claimed: readonly boolean[]) => claimed.filter((isClaimed) => isClaimed).length

    expect(one(await claims(start))).toBe(1)
    expect(await tallies.read(badge, start)).toBeUndefined()
    await tallies.keep(badge, kept)
    expect(one(await claims(start + minute - 1))).toBe(0)
    expect(one(await claims(start + minute))).toBe(1)
    expect(await tallies.read(badge, start + minute)).toEqual(kept)
  })

  it('is counted by another when who claimed it never came back', async () => {
    const badge = aBadge()

    expect(await tallies.claim(badge, start)).toBe(true)
    expect(await tallies.claim(badge, start + 29_999)).toBe(false)
    expect(await tallies.claim(badge, start + 30_000)).toBe(true)
  })
})
