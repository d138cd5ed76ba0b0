import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { KeptTables } from '../../../../lib/local/engine/kept-tables.ts'
import { ModelEngine } from '../../../../lib/local/engine/model-engine.ts'
import { KeptFile } from '../../../../lib/local/data/kept-file.ts'
import { StorageError } from '../../../../lib/local/data/storage-error.ts'
import { StreamReader } from '../../../../lib/local/feeds/stream-reader.ts'

const TableName = 'Things'
const HOUR_MS = 3_600_000

async function anEngine(kept?: KeptTables): Promise<ModelEngine> {
  const engine = new ModelEngine(kept)
  const KeySchema = [{ AttributeName: 'id' }]
  await engine.call('DynamoDB_20120810.CreateTable', {
    TableName,
    KeySchema,
    StreamSpecification: { StreamEnabled: true },
  })
  return engine
}

async function ask(
  engine: ModelEngine,
  operation: string,
  input: object,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const { status, body } = await engine.send(
    `DynamoDB_20120810.${operation}`,
    JSON.stringify({ TableName, ...input }),
  )
  return { status, json: JSON.parse(body.toString()) }
}

const put = (engine: ModelEngine, id: string, attributes: object = {}) =>
  ask(engine, 'PutItem', { Item: { id: { S: id }, ...attributes } })
const scan = (engine: ModelEngine) => ask(engine, 'Scan', { ConsistentRead: true })

async function recordsOf(
  engine: ModelEngine,
  positions: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const reader = await StreamReader.open(engine, TableName, { positions, startsAtLatest: false })
  const records: string[] = []
  for (let page = await reader.read(2); page !== undefined; page = await reader.read(2)) {
    records.push(
      ...page.records.map(
        ({ eventName, dynamodb }) => `${dynamodb.SequenceNumber.replace(/^0+/, '')} ${eventName}`,
      ),
    )
  }
  return records
}

afterEach(() => vi.useRealTimers())

describe('the model as an engine', () => {
  it('has after a restart what it had before, streams included', async () => {
    const ids = fc.constantFrom('a', 'b', 'c')
    const deeds = fc.array(
      fc.record({ id: ids, n: fc.integer({ min: 0, max: 2 }), isPut: fc.boolean() }),
      { maxLength: 20 },
    )
    await fc.assert(
      fc.asyncProperty(deeds, async (some) => {
        const file = KeptFile.inMemory()
        const engine = await anEngine(new KeptTables(file))
        for (const { id, n, isPut } of some) {
          if (isPut) await put(engine, id, { n: { N: n.toString() }, bytes: { B: 'AQI=' } })
          else await ask(engine, 'DeleteItem', { Key: { id: { S: id } } })
        }

        const again = await anEngine(new KeptTables(file))

        expect(await scan(again)).toEqual(await scan(engine))
        expect(await recordsOf(again)).toEqual(await recordsOf(engine))
        await put(again, 'new')
        expect((await recordsOf(again)).length).toBe((await recordsOf(engine)).length + 1)
      }),
      { numRuns: 50 },
    )
  })

  it('changes nothing when the disk is full, and says so', async () => {
    const full: Pick<KeptTables, 'keep' | 'restore' | 'forgetRecords'> = {
      restore: () => undefined,
      forgetRecords: () => undefined,
      keep: () => {
        throw new StorageError('the disk is full')
      },
    }
    const engine = await anEngine(full as KeptTables)

    expect(await put(engine, 'a')).toMatchObject({
      status: 500,
      json: { message: 'the disk is full' },
    })
    expect([(await scan(engine)).json, await recordsOf(engine)]).toEqual([
      { Items: [], Count: 0, ScannedCount: 0 },
      [],
    ])
  })

  it('forgets the records of a day before, and where readers were stays right', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const kept = new KeptTables(KeptFile.inMemory())
    const engine = await anEngine(kept)
    for (const id of ['a', 'b', 'c']) await put(engine, id)
    vi.setSystemTime(Date.now() + 25 * HOUR_MS)
    await recordsOf(engine)
    await put(engine, 'd')

    for (const each of [engine, await anEngine(kept)]) {
      expect(await recordsOf(each)).toEqual(['4 INSERT'])
      expect(await recordsOf(each, { shard: '3' })).toEqual(['4 INSERT'])
      expect(await recordsOf(each, { shard: '4' })).toEqual([])
    }
    vi.setSystemTime(Date.now() + 25 * HOUR_MS)
    await recordsOf(engine)
    const last = await anEngine(kept)
    await put(last, 'e')
    expect(await recordsOf(last, { shard: '4' })).toEqual(['5 INSERT'])
  })

  it.each<[what: string, operation: string, input: object, units: unknown]>([
    ['an eventual read of 5 KB', 'GetItem', { Key: { id: { S: 'big' } } }, 1],
    ['a consistent one', 'GetItem', { Key: { id: { S: 'big' } }, ConsistentRead: true }, 2],
    ['a read of nothing', 'GetItem', { Key: { id: { S: 'none' } } }, 0.5],
    ['a scan of it all', 'Scan', {}, 1],
    ['a small write', 'PutItem', { Item: { id: { S: 'x' } } }, 1],
    ['a write over something big', 'PutItem', { Item: { id: { S: 'big' } } }, 5],
    ['a deletion of it', 'DeleteItem', { Key: { id: { S: 'big' } } }, 5],
  ])('tells what %s uses', async (_, operation, input, units) => {
    const engine = await anEngine()
    await put(engine, 'big', { text: { S: 'x'.repeat(5000) } })

    const { json } = await ask(engine, operation, { ...input, ReturnConsumedCapacity: 'TOTAL' })

    expect(json).toMatchObject({ ConsumedCapacity: { TableName, CapacityUnits: units } })
  })

  it('tells what a transaction uses: twice as much of each table', async () => {
    const engine = await anEngine()
    const TransactItems = ['a', 'b'].map((id) => ({ Put: { TableName, Item: { id: { S: id } } } }))
    const input = JSON.stringify({ TransactItems, ReturnConsumedCapacity: 'TOTAL' })

    const { body } = await engine.send('DynamoDB_20120810.TransactWriteItems', input)

    expect(JSON.parse(body.toString())).toEqual({
      ConsumedCapacity: [{ TableName, CapacityUnits: 4 }],
    })
  })

  it.each(['DescribeTable', '__proto__', 'constructor', 'toString'])(
    'says that it does not know %s',
    async (operation) => {
      expect(await ask(await anEngine(), operation, {})).toMatchObject({
        status: 400,
        json: {
          __type: 'com.amazonaws.dynamodb.v20120810#ValidationException',
          message: `the model of DynamoDB does not know ${operation}`,
        },
      })
    },
  )
})
