import { describe, expect, it } from 'vitest'
import type { StoredItem } from '../../lib/local/engine/values.ts'
import { MemoryTables } from '../../lib/local/engine/memory-tables.ts'

const shapes = [{ name: 'Things', partitionKey: 'id' }]
const TableName = 'Things'

function put(tables: MemoryTables, id: string, n = 0): void {
  tables.execute('PutItem', { TableName, Item: { id: { S: id }, n: { N: n.toString() } } })
}

describe('the model', () => {
  it('lets reads that do not ask for consistency see what was, as far back as it is told', () => {
    let [now, behindMs] = [0, 0]
    const tables = new MemoryTables(shapes, {
      now: () => now,
      staleness: { mostMs: 1000, pick: () => behindMs },
    })
    const seen = (isConsistent: boolean) => {
      const read = { TableName, ConsistentRead: isConsistent }
      return [
        tables.execute('GetItem', { ...read, Key: { id: { S: 'x' } } }),
        tables.execute('Scan', read),
      ]
    }
    const at = (n: number) => ({ id: { S: 'x' }, n: { N: n.toString() } })
    const all = (n: number) => [{ Item: at(n) }, { Items: [at(n)], Count: 1, ScannedCount: 1 }]
    const none = [{}, { Items: [], Count: 0, ScannedCount: 0 }]
    for (const n of [1, 2, 3]) {
      now += 400
      put(tables, 'x', n)
    }

    behindMs = 1
    expect([seen(true), seen(false)]).toEqual([all(3), all(2)])
    behindMs = 401
    expect(seen(false)).toEqual(all(1))
    behindMs = 801
    expect(seen(false)).toEqual(none)
    now += 2
    expect(seen(false)).toEqual(all(1))

    tables.execute('DeleteItem', { TableName, Key: { id: { S: 'x' } } })
    behindMs = 1
    expect([seen(true), seen(false)]).toEqual([none, all(3)])
    expect(tables.items(TableName)).toEqual([])
  })

  it('makes pages as short as it is told', () => {
    const tables = new MemoryTables(shapes, { pageSize: 2 })
    for (const id of ['a', 'b', 'c']) put(tables, id)

    expect(tables.execute('Scan', { TableName })).toMatchObject({ Count: 2, LastEvaluatedKey: {} })
  })

  it('hands out and keeps nothing that a caller can change', () => {
    const tables = new MemoryTables(shapes)
    const [Key, list, bytes] = [{ id: { S: 'x' } }, [{ S: 'kept' }], new Uint8Array([1])]
    tables.execute('PutItem', {
      TableName,
      Item: { ...Key, list: { L: list }, bytes: { B: bytes } },
    })
    list.push({ S: 'later' })
    bytes[0] = 2

    const read = () =>
      tables.execute('GetItem', { TableName, Key }) as { readonly Item?: StoredItem }
    const { Item: item } = read()
    item?.['bytes']?.B?.fill(3)

    expect(() => Object.assign(item ?? {}, { id: { S: 'y' } })).toThrow(TypeError)
    expect(read().Item).toEqual({
      ...Key,
      list: { L: [{ S: 'kept' }] },
      bytes: { B: new Uint8Array([1]) },
    })
  })

  it.each<[what: string, operation: string, input: object]>([
    ['DescribeTable', 'DescribeTable', { TableName }],
    ['ProjectionExpression of Query', 'Query', { TableName, ProjectionExpression: 'id' }],
    [
      'paths into values: a.b = :v',
      'Scan',
      { TableName, FilterExpression: 'a.b = :v', ExpressionAttributeValues: { ':v': { S: '' } } },
    ],
    [
      'this function of a condition',
      'Scan',
      { TableName, FilterExpression: 'attribute_type(a, :v)' },
    ],
    [
      'DELETE in an update',
      'UpdateItem',
      { TableName, Key: { id: { S: 'x' } }, UpdateExpression: 'DELETE a :v' },
    ],
  ])('says that it does not know %s', (what, operation, input) => {
    expect(() => new MemoryTables(shapes).execute(operation, input)).toThrow(
      `the model of DynamoDB does not know ${what}`,
    )
  })
})
