import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../../lambdas/runtime/database.ts'
import { joinedReads } from '../../../lambdas/store/items/joined-reads.ts'
import { itemOf } from '../../../lambdas/store/registry/registry-item.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

const [here, there, nowhere] = [
  { pk: 'a', sk: '1' },
  { pk: 'a', sk: '2' },
  { pk: 'b', sk: '1' },
]
let engine: TestEngine

beforeAll(async () => {
  engine = await makeTables()
  for (const key of [here, there]) {
    await engine.database.put({
      table: engine.names.Registry,
      item: itemOf(key, { name: `${key.pk}${key.sk}` }),
    })
  }
})
afterAll(() => engine.stop())

/** The engine's database, which notes how many keys each call asks for. */
function watched(answer?: () => never): {
  readonly database: Database
  readonly asked: number[]
} {
  const asked: number[] = []
  const getSome: Database['getSome'] = async (table, keys) => {
    asked.push(keys.length)
    answer?.()
    return engine.database.getSome(table, keys)
  }
  return { database: { ...engine.database, getSome }, asked }
}

describe('joined reads', () => {
  it('that are asked for at the same time are one call, with each key once', async () => {
    const { database, asked } = watched()
    const read = joinedReads(database, engine.names.Registry)

    const items = await Promise.all([here, nowhere, there, { ...here }].map(read))

    expect(items.map((item) => item?.['name'])).toEqual(['a1', undefined, 'a2', 'a1'])
    expect(asked).toEqual([3])
  })

  it('are made anew each time', async () => {
    const { database, asked } = watched()
    const read = joinedReads(database, engine.names.Registry)

    await read(here)
    await read(here)

    expect(asked).toEqual([1, 1])
  })

  it('fail together', async () => {
    const { database } = watched(() => {
      throw new Error('throttled')
    })
    const read = joinedReads(database, engine.names.Registry)

    const outcomes = await Promise.allSettled([read(here), read(there)])

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
