import {
  DeleteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await makeTables()
})
afterAll(() => engine.stop())

it('a stream tells each change with both images, in order, and nothing of writes that change nothing', async () => {
  const { client, names } = engine
  const TableName = names.Heartbeats
  const [Key, other] = [marshall({ id: 'one' }), marshall({ id: 'two' })]
  const put = (n: number) =>
    client.send(new PutItemCommand({ TableName, Item: marshall({ id: 'one', n, m: { a: 1 } }) }))
  const add = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: marshall({ ':one': 1 }) }
  const fails = { ConditionExpression: 'attribute_not_exists(id)' }

  await put(1)
  await put(1)
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET n = :n',
      ExpressionAttributeValues: marshall({ ':n': 1 }),
    }),
  )
  await client.send(new UpdateItemCommand({ TableName, Key, UpdateExpression: 'REMOVE gone' }))
  await client.send(new UpdateItemCommand({ TableName, Key, ...add }))
  await expect(
    client.send(new UpdateItemCommand({ TableName, Key, ...add, ...fails })),
  ).rejects.toThrow()
  await client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        { Update: { TableName, Key: other, ...add } },
        { Delete: { TableName, Key } },
      ],
    }),
  )
  await client.send(new DeleteItemCommand({ TableName, Key }))
  const item = (n: number) => marshall({ id: 'one', n, m: { a: 1 } })

  const changes = await engine.changes('Heartbeats')
  expect(changes.slice(0, 2)).toEqual([
    { eventName: 'INSERT', Keys: Key, NewImage: item(1) },
    { eventName: 'MODIFY', Keys: Key, OldImage: item(1), NewImage: item(2) },
  ])
  // The parts of a transaction have no order.
  expect(changes.slice(2)).toHaveLength(2)
  expect(changes).toContainEqual({
    eventName: 'INSERT',
    Keys: other,
    NewImage: marshall({ id: 'two', n: 1 }),
  })
  expect(changes).toContainEqual({ eventName: 'REMOVE', Keys: Key, OldImage: item(2) })
})
