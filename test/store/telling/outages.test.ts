import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Outage } from '../../../lambdas/domain/telling/outage.ts'
import { Outages } from '../../../lambdas/store/telling/outages.ts'
import { hour, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

const day = 24 * hour
const began: Outage = { at: start, count: 3, told: [], tellings: 0 }
const whole: Outage = {
  ...began,
  toldAt: start,
  told: ['a', 'b'],
  unread: ['b'],
  tellings: 2,
  toldAgainAt: start + hour,
  held: { since: start, reason: { kind: 'depends', name: '', checkId: 'db' } },
  isOver: true,
}
let engine: TestEngine
let outages: Outages

beforeAll(async () => {
  engine = await makeTables()
  outages = new Outages(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())

describe('an outage', () => {
  it('is read as it was kept, by its check and its beginning', async () => {
    const id = randomUUID()
    await outages.keep(id, await outages.read(id, start), { outage: whole, now: start })

    expect((await outages.read(id, start)).outage).toEqual(whole)
    expect((await outages.read(id, start + 1)).outage).toBeUndefined()
    expect((await outages.read(randomUUID(), start)).outage).toBeUndefined()
  })

  it('is replaced by who has read it last', async () => {
    const id = randomUUID()
    const none = await outages.read(id, start)
    const keep = async (before: typeof none, told: readonly string[]) =>
      (await outages.keep(id, before, { outage: { ...began, told }, now: start })) !== 'raced'

    expect([await keep(none, ['a']), await keep(none, ['b'])]).toEqual([true, false])
    const one = await outages.read(id, start)
    expect([await keep(one, ['c']), await keep(one, ['d'])]).toEqual([true, false])
    expect((await outages.read(id, start)).outage?.told).toEqual(['c'])
  })

  it('is written anew only where it has changed, or would expire before long', async () => {
    const id = randomUUID()
    await outages.keep(id, await outages.read(id, start), { outage: whole, now: start })
    const kept = await outages.read(id, start)
    const outage = kept.outage ?? began
    const revisionAt = async (now: number) => {
      await outages.keep(id, kept, { outage, now })
      return (await outages.read(id, start)).revision
    }

    expect([await revisionAt(start + 44 * day), await revisionAt(start + 45 * day)]).toEqual([1, 2])
  })

  it('that cannot be read counts as none, and is written anew', async () => {
    const id = randomUUID()
    const Item = { check: id, entry: `outage#00${start}`, outage: 'odd', revision: 7 }
    await engine.client.send(
      new PutItemCommand({ TableName: engine.names.Journal, Item: marshall(Item) }),
    )
    const odd = await outages.read(id, start)

    expect(odd.outage).toBeUndefined()
    const kept = await outages.keep(id, odd, { outage: began, now: start })
    expect(await outages.read(id, start)).toEqual(kept)
    expect(kept).toMatchObject({ outage: began, revision: 8 })
  })
})
