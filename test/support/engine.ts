import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb'
import { randomUUID } from 'node:crypto'
import { startEngine } from '../../lib/local/engine.ts'
import { tables, type TableKeys, type TableName } from '../../lambdas/store/keys.ts'

/** A DynamoDB engine with Overdue's tables, under names of their own, so that tests can share an engine. */
export type TestEngine = { readonly client: DynamoDBClient; readonly names: Readonly<Record<TableName, string>>; stop(): Promise<void> }

/** A fresh set of tables on a real engine: the embedded one, or the one that DYNAMODB_ENDPOINT names. */
export async function makeTables(): Promise<TestEngine> {
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
