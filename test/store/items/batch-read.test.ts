import {
  type BatchGetItemCommandInput,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBatch } from '../../../lambdas/store/items/batch-read.ts'
import { makeTables, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await makeTables()
})
afterAll(() => engine.stop())

function key(number: number) {
  return { pk: 'batch', sk: number.toString() }
}

async function read(numbers: readonly number[]): Promise<readonly (string | undefined)[]> {
  const items = await readBatch(engine.client, engine.names.Registry, numbers.map(key))
  return items.map(({ sk }) => sk?.S).toSorted((one, other) => Number(one) - Number(other))
}

describe('a batch read', () => {
  it('reads more than one request may ask for', async () => {
    for (const number of [3, 150, 249]) {
      await engine.client.send(
        new PutItemCommand({ TableName: engine.names.Registry, Item: marshall(key(number)) }),
      )
    }

    expect(await read(Array.from({ length: 250 }, (_, number) => number))).toEqual([
      '3',
      '150',
      '249',
    ])
  })

  it('asks again for what did not fit into one answer of 16 MB', async () => {
    const numbers = Array.from({ length: 48 }, (_, number) => 1000 + number)
    for (const number of numbers) {
      const Item = marshall({ ...key(number), filling: 'x'.repeat(390_000) })
      await engine.client.send(new PutItemCommand({ TableName: engine.names.Registry, Item }))
    }

    expect(await read(numbers)).toEqual(numbers.map(String))
  })

  it('asks for many side by side, and not for all at once', async () => {
    const under = { now: 0, most: 0, calls: 0 }
    const send = async (command: { readonly input: BatchGetItemCommandInput }) => {
      under.calls += 1
      under.most = Math.max(under.most, (under.now += 1))
      await turn()
      under.now -= 1
      return { Responses: { t: command.input.RequestItems?.['t']?.Keys } }
    }
    const client = { send } as unknown as DynamoDBClient

    const items = await readBatch(
      client,
      't',
      Array.from({ length: 10_000 }, (_, number) => key(number)),
    )

    expect(items.map(({ sk }) => sk?.S)).toEqual(
      Array.from({ length: 10_000 }, (_, number) => number.toString()),
    )
    expect(under).toMatchObject({ calls: 100, most: 10 })
  })

  it('asks nothing for no keys', async () => {
    expect(await read([])).toEqual([])
  })
})
