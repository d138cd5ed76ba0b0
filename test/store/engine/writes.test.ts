import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTables, type TestEngine } from '../../support/engine.ts'
import { answerTo } from '../../support/raw.ts'

let engine: TestEngine
let table: string

beforeAll(async () => {
  engine = await makeTables()
  table = engine.names.Registry
})
afterAll(() => engine.stop())

const key = (pk: string, sk = 'case') => ({ pk, sk })

async function put(item: object): Promise<void> {
  await engine.client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }))
}

async function read(at: object): Promise<object | undefined> {
  return (
    await engine.client.send(
      new GetItemCommand({ TableName: table, Key: marshall(at), ConsistentRead: true }),
    )
  ).Item
}

describe('a put', () => {
  it('replaces an item whole, and tells what was there when asked', async () => {
    const at = key(randomUUID())
    await put({ ...at, a: 1, b: 2 })

    const answer = await answerTo(
      engine.client,
      new PutItemCommand({
        TableName: table,
        Item: marshall({ ...at, b: 3 }),
        ReturnValues: 'ALL_OLD',
      }),
    )

    expect(answer).toEqual({ Attributes: marshall({ ...at, a: 1, b: 2 }) })
    expect(await read(at)).toEqual(marshall({ ...at, b: 3 }))
  })

  it.each<[what: string, item: Record<string, unknown>]>([
    ['without its key', { pk: 'x' }],
    ['with a number for a key', { pk: 'x', sk: 1 }],
    ['with an empty key', { pk: '', sk: 'x' }],
    ['with an empty sort key', { pk: 'x', sk: '' }],
    ['with a partition key that is too long', { pk: 'é'.repeat(1025), sk: 'x' }],
    ['with a sort key that is too long', { pk: 'x', sk: 'x'.repeat(1025) }],
    ['that is too large', { pk: 'x', sk: 'x', filling: 'x'.repeat(410_000) }],
  ])('of an item %s is refused', async (_, item) => {
    const answer = await answerTo(
      engine.client,
      new PutItemCommand({ TableName: table, Item: marshall(item) }),
    )

    expect(answer).toEqual({ error: 'ValidationException' })
  })

  it.each<[what: string, value: object]>([
    ['an empty set', { SS: [] }],
    ['a set with a member twice', { SS: ['a', 'a'] }],
    ['an empty number', { N: '' }],
  ])('of %s is refused', async (_, value) => {
    const Item = { ...marshall(key(randomUUID())), value: value as { SS: string[] } }

    expect(await answerTo(engine.client, new PutItemCommand({ TableName: table, Item }))).toEqual({
      error: 'ValidationException',
    })
  })

  it('into a table that is not there is refused', async () => {
    const command = new PutItemCommand({ TableName: 'Nowhere', Item: marshall(key('x')) })

    expect(await answerTo(engine.client, command)).toEqual({ error: 'ResourceNotFoundException' })
  })
})

describe('a read, a deletion and an update', () => {
  it.each([
    {},
    { pk: 'x' },
    { pk: 'x', sk: 1 },
    { pk: 'x', sk: 'y', more: 'z' },
    { pk: '', sk: 'y' },
  ])('at the key %j are refused', async (at) => {
    const input = { TableName: table, Key: marshall(at) }

    for (const command of [
      new GetItemCommand(input),
      new DeleteItemCommand(input),
      new UpdateItemCommand(input),
    ]) {
      expect(await answerTo(engine.client, command)).toEqual({ error: 'ValidationException' })
    }
  })

  it('of nothing find and leave what they must', async () => {
    const at = key(randomUUID())
    const input = { TableName: table, Key: marshall(at) }

    expect(await answerTo(engine.client, new GetItemCommand(input))).toEqual({})
    expect(
      await answerTo(engine.client, new DeleteItemCommand({ ...input, ReturnValues: 'ALL_OLD' })),
    ).toEqual({})
    expect(
      await answerTo(
        engine.client,
        new UpdateItemCommand({
          ...input,
          UpdateExpression: 'REMOVE gone',
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    ).toEqual({})
    expect(await read(at)).toEqual(marshall(at))
  })
})

describe('a deletion', () => {
  it('tells what it took, on its condition only', async () => {
    const item = { ...key(randomUUID()), n: 1 }
    await put(item)
    const input = {
      TableName: table,
      Key: marshall(key(item.pk)),
      ReturnValues: 'ALL_OLD',
      ConditionExpression: 'n = :n',
    } as const
    const only = (n: number) => ({ ExpressionAttributeValues: marshall({ ':n': n }) })

    expect(await answerTo(engine.client, new DeleteItemCommand({ ...input, ...only(2) }))).toEqual({
      error: 'ConditionalCheckFailedException',
    })
    expect(await answerTo(engine.client, new DeleteItemCommand({ ...input, ...only(1) }))).toEqual({
      Attributes: marshall(item),
    })
    expect(await read(key(item.pk))).toBeUndefined()
  })
})

describe('a transaction', () => {
  const shown = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const
  const at = (pk: string) => ({ TableName: table, Key: marshall(key(pk)) })
  const one = { ExpressionAttributeValues: marshall({ ':one': 1 }) }

  it('writes all', async () => {
    const [made, changed, taken, seen] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
    for (const pk of [changed, taken, seen]) await put({ ...key(pk), n: 1 })

    const command = new TransactWriteItemsCommand({
      TransactItems: [
        {
          Put: {
            TableName: table,
            Item: marshall(key(made)),
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        { Update: { ...at(changed), UpdateExpression: 'ADD n :one', ...one } },
        { Delete: { ...at(taken), ConditionExpression: 'n = :one', ...one } },
        { ConditionCheck: { ...at(seen), ConditionExpression: 'attribute_exists(pk)' } },
      ],
    })

    expect(await answerTo(engine.client, command)).toEqual({})
    const left = await Promise.all([made, changed, taken, seen].map((pk) => read(key(pk))))
    expect(left).toEqual([
      marshall(key(made)),
      marshall({ ...key(changed), n: 2 }),
      undefined,
      marshall({ ...key(seen), n: 1 }),
    ])
  })

  it('writes nothing when a condition fails, and says of each part what it found where it is asked', async () => {
    const [made, there, hidden, gone] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
    for (const pk of [there, hidden]) await put({ ...key(pk), n: 1 })
    const isNew = { ConditionExpression: 'attribute_not_exists(pk)' }

    const command = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: table, Item: marshall(key(made)), ...isNew, ...shown } },
        { Put: { TableName: table, Item: marshall(key(there)), ...isNew, ...shown } },
        { Update: { ...at(hidden), UpdateExpression: 'ADD n :one', ...isNew, ...one } },
        { Delete: { ...at(gone), ConditionExpression: 'attribute_exists(pk)', ...shown } },
      ],
    })

    const failed = 'ConditionalCheckFailed'
    const found = `${failed} ${JSON.stringify({ pk: there, sk: 'case', n: 1 })}`
    const answer = await answerTo(engine.client, command)
    expect(sorted(answer)).toEqual(
      sorted({ error: 'TransactionCanceledException', reasons: ['None', found, failed, failed] }),
    )
    expect(await read(key(made))).toBeUndefined()
    expect(await read(key(hidden))).toEqual(marshall({ ...key(hidden), n: 1 }))
  })

  it.each([
    ['two parts on one item', 2, () => 'same'],
    ['more than a hundred parts', 101, (index: number) => `${index}`],
  ])('of %s is refused', async (_, count, name) => {
    const prefix = randomUUID()
    const TransactItems = Array.from({ length: count }, (__, index) => ({
      Put: { TableName: table, Item: marshall(key(`${prefix}${name(index)}`)) },
    }))

    expect(await answerTo(engine.client, new TransactWriteItemsCommand({ TransactItems }))).toEqual(
      { error: 'ValidationException' },
    )
    expect(await read(key(`${prefix}${name(0)}`))).toBeUndefined()
  })

  it('that comes again with its token is not done again', async () => {
    const pk = randomUUID()
    const TransactItems = [{ Update: { ...at(pk), UpdateExpression: 'ADD n :one', ...one } }]
    const command = () => new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: pk })

    expect(await answerTo(engine.client, command())).toEqual({})
    expect(await answerTo(engine.client, command())).toEqual({})

    expect(await read(key(pk))).toEqual(marshall({ ...key(pk), n: 1 }))
  })
})

describe('a batch', () => {
  const puts = (pks: readonly string[]) => ({
    [table]: pks.map((pk) => ({ PutRequest: { Item: marshall(key(pk)) } })),
  })
  const gets = (pks: readonly string[]) => ({
    [table]: { Keys: pks.map((pk) => marshall(key(pk))), ConsistentRead: true },
  })
  const names = (count: number) => Array.from({ length: count }, () => randomUUID())

  it('writes and deletes twenty-five, and reads a hundred', async () => {
    const pks = names(25)

    expect(
      await answerTo(engine.client, new BatchWriteItemCommand({ RequestItems: puts(pks) })),
    ).toEqual({ UnprocessedItems: {} })
    const answer = await engine.client.send(
      new BatchGetItemCommand({ RequestItems: gets([...pks, ...names(75)]) }),
    )

    expect(answer.Responses?.[table]?.map(({ pk }) => pk?.S).toSorted()).toEqual(pks.toSorted())
    const DeleteRequest = { Key: marshall(key(pks[0] ?? '')) }
    await engine.client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: [{ DeleteRequest }] } }),
    )
    expect(await read(key(pks[0] ?? ''))).toBeUndefined()
  })

  it('of more, or of one item twice, is refused', async () => {
    for (const pks of [names(26), ['same', 'same']]) {
      expect(
        await answerTo(engine.client, new BatchWriteItemCommand({ RequestItems: puts(pks) })),
      ).toEqual({
        error: 'ValidationException',
      })
    }
    for (const pks of [names(101), ['same', 'same']]) {
      expect(
        await answerTo(engine.client, new BatchGetItemCommand({ RequestItems: gets(pks) })),
      ).toEqual({ error: 'ValidationException' })
    }
  })
})

/** Engines order the attributes of an item as they like. */
function sorted(answer: object): unknown {
  return 'reasons' in answer
    ? {
        ...answer,
        reasons: (answer.reasons as string[]).map((reason) =>
          reason.split(/[{},]/).toSorted().join(),
        ),
      }
    : answer
}
