import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryFolder, startEngine } from '../lib/local/engine/engine.ts'
import { indexStreamRecords } from '../lib/local/feeds/stream-index.ts'
import { update } from './ping/update.ts'

const { TableName } = update

/**
 * The engine of the local stack by itself, with one table as Heartbeats is, and the SDK's client.
 */
export class BareEngine {
  readonly #client: DynamoDBClient
  readonly #stop: () => Promise<void>

  private constructor(client: DynamoDBClient, stop: () => Promise<void>) {
    this.#client = client
    this.#stop = stop
  }

  static async start(): Promise<BareEngine> {
    const folder = await mkdtemp(join(memoryFolder(), 'overdue-'))
    const database = join(folder, 'dynamodb.sqlite')
    const engine = await startEngine(database)
    indexStreamRecords(database)
    const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' }
    const client = new DynamoDBClient({
      endpoint: engine.endpoint,
      region: 'us-east-1',
      credentials,
      requestHandler: { httpAgent: { maxSockets: 64 } },
    })
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    )
    return new BareEngine(client, async () => {
      client.destroy()
      await engine.stop()
      await rm(folder, { recursive: true })
    })
  }

  async put(heartbeats: readonly Record<string, AttributeValue>[]): Promise<void> {
    for (const Item of heartbeats) await this.#client.send(new PutItemCommand({ TableName, Item }))
  }

  /**
   * To each heartbeat what a ping writes, so many at a time: a smaller write would leave the engine
   * half the work that it has with a ping.
   */
  async update(ids: readonly string[], atOnce: number): Promise<void> {
    const left = ids.values()
    const work = async () => {
      for (const id of left) await this.#update(id)
    }
    await Promise.all(Array.from({ length: atOnce }, work))
  }

  async stop(): Promise<void> {
    await this.#stop()
  }

  async #update(id: string): Promise<void> {
    const now = Date.now()
    await this.#client.send(
      new UpdateItemCommand({
        ...update,
        Key: { id: { S: id } },
        ExpressionAttributeValues: {
          ...update.ExpressionAttributeValues,
          ':now': { N: now.toString() },
          ':begunAt': { N: (now + 1).toString() },
          ':q': { S: randomUUID() },
        },
      }),
    )
  }
}
