import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { promptAlerts } from '../../../lambdas/domain/telling/pace.ts'
import { Paces } from '../../../lambdas/store/telling/paces.ts'
import { aFlip } from '../../support/alerts.ts'
import { hour, start } from '../../support/builders.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
let paces: Paces

beforeAll(async () => {
  engine = await makeTables()
  paces = new Paces(engine.database, engine.names.Journal)
})
afterAll(() => engine.stop())

function holds(checkId: string, count: number, now = start): Promise<boolean> {
  return paces.holds(aFlip({ checkId, count }), now)
}

const counts = Array.from({ length: 10 }, (_, index) => index)

describe('Paces', () => {
  it('holds all alerts of a check but the first of an hour, however many come at once', async () => {
    const held = await Promise.all(counts.map((count) => holds('at-once', count)))

    expect(held.filter((isHeld) => !isHeld)).toHaveLength(promptAlerts)
  })

  it('counts an alert once that comes again, and each check by itself', async () => {
    for (const count of [1, 1, 1, 1, 2, 2, 2, 2]) await holds('again', count)

    expect([await holds('again', 3), await holds('other', 1)]).toEqual([false, false])
  })

  it('holds none after a quiet hour', async () => {
    for (const count of counts) await holds('quiet', count)

    expect([
      await holds('quiet', 11, start + hour - 1),
      await holds('quiet', 12, start + 3 * hour),
    ]).toEqual([true, false])
  })

  it('says whether it holds alerts, and counts nothing by that', async () => {
    for (const count of counts.slice(0, promptAlerts)) await holds('asked', count)
    const asked = [await paces.areHeld('asked', start), await paces.areHeld('never', start)]
    await holds('asked', promptAlerts)

    expect([...asked, await paces.areHeld('asked', start + hour - 1)]).toEqual([false, false, true])
    expect(await paces.areHeld('asked', start + hour)).toBe(false)
  })

  it('starts anew from what it cannot read', async () => {
    const Key = marshall({ check: 'odd', entry: 'pace' })
    const Item = { ...Key, ...marshall({ pace: 'odd' }) }
    await engine.client.send(new PutItemCommand({ TableName: engine.names.Journal, Item }))

    expect([await holds('odd', 1), await holds('odd', 1)]).toEqual([false, false])
    const { Item: stored } = await engine.client.send(
      new GetItemCommand({ TableName: engine.names.Journal, Key }),
    )
    expect(stored?.['pace']?.M?.['alerts']?.L).toHaveLength(1)
  })
})
