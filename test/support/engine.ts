import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb'
import { randomUUID } from 'node:crypto'
import { startEngine } from '../../lib/local/engine.ts'
import { MemoryTables, memoryClient } from '../simulation/model/memory-tables.ts'
import { tables, type TableKeys, type TableName } from '../../lambdas/store/keys.ts'

/** A DynamoDB engine with Overdue's tables, under names of their own, so that tests can share an engine. */
export type TestEngine = { readonly client: DynamoDBClient; readonly names: Readonly<Record<TableName, string>>; stop(): Promise<void> }

/** A fresh set of tables: on the model in memory where ENGINE asks for it, else on the embedded engine or the one that DYNAMODB_ENDPOINT names. */
export function makeTables(): Promise<TestEngine> {
  return process.env['ENGINE'] === 'model' ? Promise.resolve(makeModelTables()) : makeEngineTables()
}

/** Tables of the model, under the names that the stack gives them. */
export function makeModelTables(): TestEngine & { readonly model: MemoryTables } {
  const names = Object.fromEntries(Object.keys(tables).map((name) => [name, name])) as Record<TableName, string>
  const model = new MemoryTables(Object.entries(tables).map(([name, keys]) => ({ name, ...keys })))
  return { client: memoryClient(model), names, model, stop: () => Promise.resolve() }
}

export async function makeEngineTables(): Promise<TestEngine> {
  const engine = await startEngine()
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new DynamoDBClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials })
  const suffix = randomUUID().slice(0, 8)
  const names = Object.fromEntries(Object.keys(tables).map((name) => [name, `${name}-${suffix}`])) as Record<TableName, string>
  for (const [name, keys] of Object.entries(tables)) await client.send(createTable(names[name as TableName], keys))
  return {
    client,
    names,
    async stop() {
      client.destroy()
      await engine.stop()
    },
  }
}

function createTable(name: string, keys: TableKeys): CreateTableCommand {
  const schema: KeySchemaElement[] = [{ AttributeName: keys.partitionKey, KeyType: 'HASH' }]
  if (keys.sortKey !== undefined) schema.push({ AttributeName: keys.sortKey, KeyType: 'RANGE' })
  return new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: schema,
    AttributeDefinitions: schema.map((key) => ({ AttributeName: key.AttributeName, AttributeType: 'S' })),
    ...(keys.hasStream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } } : {}),
  })
}
