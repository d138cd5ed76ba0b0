import {
  BatchWriteItemCommand,
  paginateQuery,
  paginateScan,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasOtherEngine, makeTables, type TestEngine } from '../../support/engine.ts'
import { answerTo } from '../../support/raw.ts'

let engine: TestEngine
let table: string
const sorts = ['a#1', 'a#10', 'a#2', 'b', 'é', '\uFFFD', '\u{1F600}']

beforeAll(async () => {
  engine = await makeTables()
  table = engine.names.Registry
  for (const sk of sorts.toReversed())
    await engine.client.send(
      new PutItemCommand({ TableName: table, Item: marshall({ pk: 'p', sk, n: sk.length }) }),
    )
  await engine.client.send(
    new PutItemCommand({ TableName: table, Item: marshall({ pk: 'other', sk: 'a#1' }) }),
  )
})
afterAll(() => engine.stop())

type Asked = {
  readonly where?: string
  readonly values?: object
  readonly filter?: string
  readonly isBackward?: boolean
  readonly limit?: number
}

/** A query in the partition `p`, unless asked for another. */
function query({ where, values, filter, isBackward = false, limit }: Asked) {
  return {
    TableName: table,
    KeyConditionExpression: where ?? 'pk = :p',
    ExpressionAttributeValues: marshall({ ':p': 'p', ...values }),
    ScanIndexForward: !isBackward,
    ConsistentRead: true,
    ...(filter === undefined ? {} : { FilterExpression: filter }),
    ...(limit === undefined ? {} : { Limit: limit }),
  }
}

async function found(asked: Asked): Promise<readonly (string | undefined)[]> {
  const { Items = [] } = await engine.client.send(new QueryCommand(query(asked)))
  return Items.map(({ sk }) => sk?.S)
}

describe('a query', () => {
  it('finds a partition in the order of UTF-8, and backwards', async () => {
    expect(await found({})).toEqual(sorts)
    expect(await found({ isBackward: true })).toEqual(sorts.toReversed())
  })

  it.each<[where: string, values: object, expected: readonly string[]]>([
    ['sk = :v', { ':v': 'b' }, ['b']],
    ['sk < :v', { ':v': 'a#2' }, ['a#1', 'a#10']],
    ['sk <= :v', { ':v': 'a#2' }, ['a#1', 'a#10', 'a#2']],
    ['sk > :v', { ':v': 'é' }, ['\uFFFD', '\u{1F600}']],
    ['sk >= :v', { ':v': '\u{1F600}' }, ['\u{1F600}']],
    ['sk BETWEEN :v AND :w', { ':v': 'a#10', ':w': 'b' }, ['a#10', 'a#2', 'b']],
    ['begins_with(sk, :v)', { ':v': 'a#1' }, ['a#1', 'a#10']],
    ['begins_with(sk, :v)', { ':v': 'c' }, []],
  ])('where %s with %j', async (where, values, expected) => {
    expect(await found({ where: `pk = :p AND ${where}`, values })).toEqual(expected)
    expect(await found({ where: `pk = :p AND ${where}`, values, isBackward: true })).toEqual(
      expected.toReversed(),
    )
  })

  it('filters behind the limit, and says where to go on', async () => {
    const { $metadata: _, ...page } = await engine.client.send(
      new QueryCommand(query({ filter: 'n > :n', values: { ':n': 3 }, limit: 3 })),
    )

    expect(page).toMatchObject({
      Count: 1,
      ScannedCount: 3,
      LastEvaluatedKey: marshall({ pk: 'p', sk: 'a#2' }),
    })
    expect(page.Items).toEqual([marshall({ pk: 'p', sk: 'a#10', n: 4 })])
  })

  it.each([1, 2, 3, 7, 8])(
    'in pages of %i finds each item once, in both directions',
    async (limit) => {
      for (const isBackward of [false, true]) {
        const all: unknown[] = []
        for await (const { Items } of paginateQuery(
          { client: engine.client },
          query({ limit, isBackward }),
        ))
          all.push(...(Items ?? []).map(({ sk }) => sk?.S))
        expect(all).toEqual(isBackward ? sorts.toReversed() : sorts)
      }
    },
  )

  it('has a key to go on from when its limit is just reached', async () => {
    const { LastEvaluatedKey } = await engine.client.send(
      new QueryCommand(query({ limit: sorts.length })),
    )

    expect(LastEvaluatedKey).toEqual(marshall({ pk: 'p', sk: '\u{1F600}' }))
  })

  it('goes on behind an item that is gone by then', async () => {
    const from = { ExclusiveStartKey: marshall({ pk: 'p', sk: 'a#1x' }) }

    const { Items } = await engine.client.send(
      new QueryCommand({ ...query({ limit: 2 }), ...from }),
    )
    const backwards = await engine.client.send(
      new QueryCommand({ ...query({ limit: 2, isBackward: true }), ...from }),
    )

    expect(Items?.map(({ sk }) => sk?.S)).toEqual(['a#2', 'b'])
    expect(backwards.Items?.map(({ sk }) => sk?.S)).toEqual(['a#10', 'a#1'])
  })

  it.each([
    ['no partition', 'sk = :p'],
    ['a range of partitions', 'begins_with(pk, :p)'],
    ['another attribute', 'pk = :p AND n = :p'],
  ])('of %s is refused', async (_, where) => {
    expect(await answerTo(engine.client, new QueryCommand(query({ where })))).toEqual({
      error: 'ValidationException',
    })
  })

  it('with a limit of nothing is refused', async () => {
    expect(await answerTo(engine.client, new QueryCommand(query({ limit: 0 })))).toEqual({
      error: 'ValidationException',
    })
  })
})

describe('a scan', () => {
  it.each([
    [1, undefined],
    [4, undefined],
    [3, 2],
    [7, 1],
  ])('in %i segments, in pages of %s, finds each item once', async (segments, limit) => {
    const name = engine.names.Heartbeats
    const ids = Array.from({ length: 25 }, () => randomUUID())
    const RequestItems = { [name]: ids.map((id) => ({ PutRequest: { Item: marshall({ id }) } })) }
    await engine.client.send(new BatchWriteItemCommand({ RequestItems }))

    const all: (string | undefined)[] = []
    for (let segment = 0; segment < segments; segment += 1) {
      const input = {
        TableName: name,
        Segment: segment,
        TotalSegments: segments,
        ...(limit === undefined ? {} : { Limit: limit }),
      }
      for await (const { Items } of paginateScan({ client: engine.client }, input))
        all.push(...(Items ?? []).map(({ id }) => id?.S))
    }

    expect(new Set(all).size).toBe(all.length)
    expect(ids.filter((id) => !all.includes(id))).toEqual([])
  })

  it('ends a page before the item that does not fit into its megabyte', async () => {
    const TableName = engine.names.Operations
    for (const name of ['1', '2', '3', '4']) {
      const Item = marshall({ key: name, filling: 'x'.repeat(360_000) })
      await engine.client.send(new PutItemCommand({ TableName, Item }))
    }

    const counts: unknown[] = []
    for await (const { Count } of paginateScan({ client: engine.client }, { TableName }))
      counts.push(Count)

    // DynamoDB's pages are documented as 1 MB or less; DynamoDB Local ends one behind the item that
    // makes it more.
    expect(counts).toEqual(hasOtherEngine() ? [3, 1] : [2, 2])
  })

  it('filters', async () => {
    const values = { ExpressionAttributeValues: marshall({ ':a': 'a#' }) }

    const { Items } = await engine.client.send(
      new ScanCommand({ TableName: table, FilterExpression: 'begins_with(sk, :a)', ...values }),
    )

    expect(Items?.map(({ sk }) => sk?.S).toSorted()).toEqual(['a#1', 'a#1', 'a#10', 'a#2'])
  })

  it('of a segment that is none is refused', async () => {
    expect(
      await answerTo(
        engine.client,
        new ScanCommand({ TableName: table, Segment: 2, TotalSegments: 2 }),
      ),
    ).toEqual({
      error: 'ValidationException',
    })
  })
})
