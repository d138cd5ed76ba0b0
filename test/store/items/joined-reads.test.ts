import {
  type BatchGetItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
    await engine.client.send(
      new PutItemCommand({
        TableName: engine.names.Registry,
        Item: itemOf(key, { name: `${key.pk}${key.sk}` }),
      }),
    )
  }
})
afterAll(() => engine.stop())

/** The engine's client, which notes the keys that each call asks for. */
function watched(answer?: () => never): {
  readonly client: DynamoDBClient
  readonly asked: number[]
} {
  const asked: number[] = []
  const send = (command: BatchGetItemCommand) => {
    asked.push(command.input.RequestItems?.[engine.names.Registry]?.Keys?.length ?? 0)
    answer?.()
    return engine.client.send(command)
  }
  return { client: { send } as unknown as DynamoDBClient, asked }
}

describe('joined reads', () => {
  it('that are asked for at the same time are one call, with each key once', async () => {
    const { client, asked } = watched()
    const read = joinedReads(client, engine.names.Registry)

    const items = await Promise.all([here, nowhere, there, { ...here }].map(read))

    expect(items.map((item) => item?.['name']?.S)).toEqual(['a1', undefined, 'a2', 'a1'])
    expect(asked).toEqual([3])
  })

  it('are made anew each time', async () => {
    const { client, asked } = watched()
    const read = joinedReads(client, engine.names.Registry)

    await read(here)
    await read(here)

    expect(asked).toEqual([1, 1])
  })

  it('fail together', async () => {
    const { client } = watched(() => {
      throw new Error('throttled')
    })
    const read = joinedReads(client, engine.names.Registry)

    const outcomes = await Promise.allSettled([read(here), read(there)])

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
