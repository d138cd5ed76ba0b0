import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  type KeySchemaElement,
} from '@aws-sdk/client-dynamodb'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { vi } from 'vitest'
import { type EngineCalls, EngineClient } from '../../lib/local/engine/engine-client.ts'
import { memoryFolder, startEngine } from '../../lib/local/engine/engine.ts'
import { indexStreamRecords } from '../../lib/local/feeds/stream-index.ts'
import { StreamReader, type StreamRecord } from '../../lib/local/feeds/stream-reader.ts'
import { KeptTables } from '../../lib/local/engine/kept-tables.ts'
import { ModelEngine } from '../../lib/local/engine/model-engine.ts'
import { KeptFile } from '../../lib/local/data/kept-file.ts'
import { makeDatabase } from '../../lambdas/aws/database.ts'
import { makeOwnDatabase, rawForm } from '../../lambdas/aws/own-database.ts'
import type { Database } from '../../lambdas/runtime/database.ts'
import { tables, type TableKeys, type TableName } from '../../lambdas/store/keys.ts'
import { grantedOnly } from './granted.ts'

const STREAM_PAGE = 1000

/** A record of a stream, as far as all engines have the same. */
export type Change = Pick<StreamRecord['dynamodb'], 'Keys' | 'OldImage' | 'NewImage'> & {
  readonly eventName: string
}

/**
 * A DynamoDB engine with Overdue's tables, under names of their own, so that tests can share an
 * engine.
 */
export type TestEngine = {
  readonly client: DynamoDBClient
  readonly database: Database
  /** Where an SDK's client finds the tables; nowhere when they are in memory. */
  readonly access: DynamoDBClientConfig
  readonly names: Readonly<Record<TableName, string>>
  /** The whole stream of a table, in order. */
  changes(table: TableName): Promise<readonly Change[]>
  stop(): Promise<void>
}

/**
 * A fresh set of tables: on the model in memory where ENGINE asks for it, else on the embedded
 * engine or the one that DYNAMODB_ENDPOINT names.
 */
export async function makeTables(): Promise<TestEngine> {
  const engine = await (process.env['ENGINE'] === 'model' ? makeModelTables() : makeEngineTables())
  return { ...engine, database: grantedOnly(engine.database, engine.names) }
}

/**
 * Tables of the model, under the names that the stack gives them, with the SDK's client and a file
 * behind them.
 */
export async function makeModelTables(
  kept = new KeptTables(KeptFile.inMemory()),
): Promise<TestEngine> {
  const engine = new ModelEngine(kept)
  for (const [name, keys] of Object.entries(tables))
    await engine.call('CreateTable', tableInput(name, keys))
  const names = Object.fromEntries(Object.keys(tables).map((name) => [name, name])) as Record<
    TableName,
    string
  >
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials,
    requestHandler: handlerOn(engine),
  })
  return {
    client,
    database: modelDatabase(engine),
    access: {},
    names,
    changes: (table) => changesOf(engine, table),
    stop: () => Promise.resolve(),
  }
}

function modelDatabase(engine: ModelEngine): Database {
  return makeDatabase(
    (operation, input) => engine.call(operation, input) as Promise<object>,
    rawForm,
  )
}

/** Hands the requests of a client to an engine without a connection. */
function handlerOn(engine: ModelEngine) {
  return {
    async handle({
      headers,
      body,
    }: {
      readonly headers: Record<string, string>
      readonly body?: Uint8Array
    }) {
      const { status: statusCode, body: answer } = await engine.send(
        headers['x-amz-target'] ?? '',
        // The SDK's bytes have methods of strings, which warn once a minute.
        new TextDecoder().decode(body),
      )
      return { response: { statusCode, headers: {}, body: Readable.from([answer]) } }
    },
  }
}

/** Tables of a real engine. */
export async function makeEngineTables(): Promise<TestEngine> {
  // Like the local stack's: without the index, each write looks at all that came before.
  const folder = await mkdtemp(join(memoryFolder(), 'overdue-'))
  const database = join(folder, 'dynamodb.sqlite')
  const engine = await startEngine(database)
  indexStreamRecords(database)
  const suffix = randomUUID().slice(0, 8)
  // DynamoDB Local has a database for each access key, and in it looks through all that streams
  // have had so far for most of its answers.
  const accessKeyId = `test${suffix}`
  const credentials = { accessKeyId, secretAccessKey: 'test' }
  const access = { endpoint: engine.endpoint, region: 'us-east-1', credentials }
  const client = new DynamoDBClient(access)
  const streams = new EngineClient(engine.endpoint, accessKeyId)
  const names = Object.fromEntries(
    Object.keys(tables).map((name) => [name, `${name}-${suffix}`]),
  ) as Record<TableName, string>
  for (const [name, keys] of Object.entries(tables))
    await client.send(new CreateTableCommand(tableInput(names[name as TableName], keys)))
  return {
    client,
    database: ownDatabase(engine.endpoint, accessKeyId),
    access,
    names,
    changes: (table) => changesOf(streams, names[table]),
    async stop() {
      if (hasOtherEngine())
        await Promise.all(
          Object.values(names).map((TableName) =>
            client.send(new DeleteTableCommand({ TableName })),
          ),
        )
      client.destroy()
      streams.close()
      await engine.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** Engines keep the tables of each user apart. */
function ownDatabase(endpoint: string, accessKeyId: string): Database {
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId)
  return makeOwnDatabase({ endpoint })
}

async function changesOf(engine: EngineCalls, table: string): Promise<readonly Change[]> {
  const reader = await StreamReader.open(engine, table, { positions: {}, startsAtLatest: false })
  const changes: Change[] = []
  for (
    let page = await reader.read(STREAM_PAGE);
    page !== undefined;
    page = await reader.read(STREAM_PAGE)
  ) {
    changes.push(...page.records.map(changeOf).filter(isChange))
  }
  return changes
}

/** The embedded engine tells of writes that changed nothing, too, which DynamoDB doesn't. */
function isChange({ OldImage, NewImage }: Change): boolean {
  return hasOtherEngine() || !isDeepStrictEqual(OldImage, NewImage)
}

/** Whether tests run on an engine that DYNAMODB_ENDPOINT names, such as DynamoDB Local. */
export function hasOtherEngine(): boolean {
  return process.env['ENGINE'] !== 'model' && (process.env['DYNAMODB_ENDPOINT'] ?? '') !== ''
}

function changeOf({ eventName, dynamodb: { Keys, OldImage, NewImage } }: StreamRecord): Change {
  return {
    eventName,
    Keys,
    ...(OldImage === undefined ? {} : { OldImage }),
    ...(NewImage === undefined ? {} : { NewImage }),
  }
}

function tableInput(name: string, keys: TableKeys): CreateTableCommandInput {
  const schema: KeySchemaElement[] = [{ AttributeName: keys.partitionKey, KeyType: 'HASH' }]
  if (keys.sortKey !== undefined) schema.push({ AttributeName: keys.sortKey, KeyType: 'RANGE' })
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: schema,
    AttributeDefinitions: schema.map((key) => ({
      AttributeName: key.AttributeName,
      AttributeType: 'S',
    })),
    ...(keys.hasStream
      ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }
      : {}),
  }
}
