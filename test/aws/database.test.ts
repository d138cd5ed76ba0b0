import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDatabase } from '../../lambdas/aws/database.ts'
import type { DatabaseCall } from '../../lambdas/aws/database-call.ts'
import { rawForm } from '../../lambdas/aws/own-database.ts'
import { makeSdkDatabase } from '../../lambdas/aws/sdk-database.ts'
import type { Database, Item } from '../../lambdas/runtime/database.ts'
import { makeEngineTables, makeModelTables, type TestEngine } from '../support/engine.ts'

const numbers = Array.from({ length: 130 }, (_, number) => number)

describe.each<[string, () => Promise<TestEngine>, (engine: TestEngine) => Database]>([
  ['our own adapter', makeEngineTables, ({ database }) => database],
  ['the adapter on the SDK', makeEngineTables, ({ access }) => makeSdkDatabase(access)],
  ['the model of DynamoDB', makeModelTables, ({ database }) => database],
])('the database of %s', (_, make, databaseOf) => {
  let engine: TestEngine
  let database: Database
  let table: string
  let lookups: string

  beforeAll(async () => {
    engine = await make()
    database = databaseOf(engine)
    table = engine.names.Journal
    lookups = engine.names.Lookups
  })
  afterAll(() => engine.stop())

  const at = (check: string, entry = 'a') => ({ table, key: { check, entry } })
  const read = (check: string, entry = 'a') =>
    database.get({ ...at(check, entry), isCurrent: true })

  it('has what was put, whatever its kind', async () => {
    const item = {
      check: 'kinds',
      entry: 'a',
      text: '',
      number: -1.5,
      none: null,
      isSo: true,
      bytes: new Uint8Array([0, 255]),
      list: [1, 'x', { deep: [new Uint8Array([1])] }],
      map: { constructor: 'x', hasOwnProperty: 'y' },
    }

    expect(await database.put({ table, item: { ...item, left: undefined } })).toEqual({
      isWritten: true,
      item: undefined,
    })

    expect(await read('kinds')).toEqual(item)
    expect(await read('nobody')).toBeUndefined()
  })

  it('says that a condition did not hold, and shows what it did not hold on', async () => {
    const item = { check: 'once', entry: 'a', bytes: new Uint8Array([1]) }
    const put = { table, item, condition: 'attribute_not_exists(entry)' }
    await database.put(put)

    expect(await database.put(put)).toEqual({ isWritten: false, found: undefined })
    expect(await database.put({ ...put, showsFound: true })).toEqual({
      isWritten: false,
      found: item,
    })
    expect(
      await database.update({
        ...at('absent'),
        update: 'SET #n = :one',
        condition: '#n = :one',
        names: { '#n': 'count' },
        values: { ':one': 1 },
        showsFound: true,
      }),
    ).toEqual({ isWritten: false, found: undefined })
  })

  it('updates, and shows what it set', async () => {
    const update = {
      ...at('counted'),
      update: 'SET s = :s ADD n :one',
      values: { ':s': 'x', ':one': 1 },
    }

    expect(await database.update(update)).toEqual({ isWritten: true, item: undefined })
    expect(await database.update({ ...update, showsWritten: true })).toEqual({
      isWritten: true,
      item: { s: 'x', n: 2 },
    })
  })

  it('deletes, and shows what was there', async () => {
    const item = { check: 'gone', entry: 'a' }
    await database.put({ table, item })

    expect(
      await database.delete({ ...at('gone'), condition: 'n = :one', values: { ':one': 1 } }),
    ).toEqual({ isWritten: false, found: undefined })
    expect(await database.delete({ ...at('gone'), showsDeleted: true })).toEqual({
      isWritten: true,
      item,
    })
    expect(await database.delete({ ...at('gone'), showsDeleted: true })).toEqual({
      isWritten: true,
      item: undefined,
    })
  })

  it('is queried in both directions, and for so many at most that pass the filter', async () => {
    for (const n of [0, 1, 2, 3, 4])
      await database.put({ table, item: { check: 'queried', entry: n.toString(), n } })
    const query = {
      table,
      where: '#check = :check',
      names: { '#check': 'check' },
      values: { ':check': 'queried' },
      isCurrent: true,
    }
    const filtered = {
      ...query,
      filter: 'n > :two',
      values: { ...query.values, ':two': 2 },
    }

    expect(entriesOf(await all(database.query(query)))).toEqual(['0', '1', '2', '3', '4'])
    expect(entriesOf(await all(database.query({ ...query, limit: 2 })))).toEqual(['0', '1'])
    expect(entriesOf(await all(database.query({ ...query, isBackwards: true, limit: 3 })))).toEqual(
      ['4', '3', '2'],
    )
    expect(entriesOf(await all(database.query({ ...filtered, limit: 1 })))).toEqual(['3'])
  })

  it('is scanned, in parts and with some of the fields, plain and as it has its items', async () => {
    await database.putSome(
      lookups,
      numbers.map((n) => ({ key: `scanned ${n}`, n, more: 'x' })),
    )
    const part = (index: number) => ({
      table: lookups,
      filter: 'begins_with(#key, :prefix)',
      names: { '#key': 'key' },
      values: { ':prefix': 'scanned' },
      fields: '#key, n',
      segment: { index, count: 2 },
    })
    const plain = [...(await all(database.scan(part(0)))), ...(await all(database.scan(part(1))))]

    expect(plain.map(({ n }) => Number(n)).toSorted((one, other) => one - other)).toEqual(numbers)
    expect(plain).toContainEqual({ key: 'scanned 7', n: 7 })
  })

  it('is scanned as it has its items', async () => {
    await database.put({ table: engine.names.Operations, item: { key: 'raw', n: 1 } })

    expect(await all(database.rawScan({ table: engine.names.Operations }))).toEqual([
      { key: { S: 'raw' }, n: { N: '1' } },
    ])
  })

  it('writes and reads more than one call may hold', async () => {
    const items = numbers.map((n) => ({ key: `some ${n}`, n, bytes: new Uint8Array([n]) }))

    await database.putSome(lookups, items)
    const some = await database.getSome(
      lookups,
      [...numbers, 'none'].map((n) => ({ key: `some ${n}` })),
    )

    expect(some.toSorted((one, other) => Number(one['n']) - Number(other['n']))).toEqual(items)
    expect(await database.getSome(lookups, [])).toEqual([])
  })

  it('asks again for what does not fit into one answer of 16 MB', async () => {
    const numbers = Array.from({ length: 48 }, (_, number) => number)
    for (const n of numbers)
      await database.put({
        table: lookups,
        item: { key: `large ${n}`, n, filling: 'x'.repeat(390_000) },
      })

    const items = await database.getSome(
      lookups,
      numbers.map((n) => ({ key: `large ${n}` })),
    )

    expect(items.map(({ n }) => Number(n)).toSorted((one, other) => one - other)).toEqual(numbers)
  })

  it('does all of a transaction, or nothing', async () => {
    const item = { check: 'together', entry: 'a', bytes: new Uint8Array([1]) }
    const isNew = { condition: 'attribute_not_exists(entry)', showsFound: true }
    const writes = [
      { put: { table, item, ...isNew } },
      { update: { ...at('together', 'b'), update: 'SET n = :one', values: { ':one': 1 } } },
      { delete: at('together', 'c') },
      { check: { ...at('together', 'd'), condition: 'attribute_not_exists(entry)' } },
    ]

    expect(await database.transact(writes)).toBe('done')
    expect(await read('together')).toEqual(item)
    expect(await read('together', 'b')).toMatchObject({ n: 1 })
    expect(await database.transact(writes)).toEqual([{ index: 0, found: item }])
  })

  it('throws what else is refused', async () => {
    await expect(
      database.put({ table, item: { check: 'odd', entry: 'a' }, condition: 'no condition' }),
    ).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(database.transact([{ delete: { table, key: { key: 'x' } } }])).rejects.toThrow()
  })
})

describe('a batch of keys', () => {
  it('is asked for side by side, and not all at once', async () => {
    const under = { now: 0, most: 0, calls: 0 }
    const call: DatabaseCall = async (_, input) => {
      const { RequestItems } = input as { readonly RequestItems: { t: { Keys: object[] } } }
      under.calls += 1
      under.most = Math.max(under.most, (under.now += 1))
      await turn()
      under.now -= 1
      return { Responses: { t: RequestItems.t.Keys } }
    }
    const keys = Array.from({ length: 10_000 }, (_, number) => ({ key: number.toString() }))

    expect(await makeDatabase(call, rawForm).getSome('t', keys)).toEqual(keys)
    expect(under).toMatchObject({ calls: 100, most: 10 })
  })
})

async function all<Each>(pages: AsyncIterable<readonly Each[]>): Promise<readonly Each[]> {
  const items: Each[] = []
  for await (const page of pages) items.push(...page)
  return items
}

function entriesOf(items: readonly Item[]): readonly unknown[] {
  return items.map(({ entry }) => entry)
}
