import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import assert from 'node:assert/strict'
import { EngineClient } from '../../lib/local/engine/engine-client.ts'
import { makeSdkDatabase } from '../../lambdas/aws/sdk-database.ts'
import type { Heartbeat } from '../../lambdas/domain/watching/heartbeat.ts'
import type { StateRules } from '../../lambdas/domain/watching/rules.ts'
import type { Schedule } from '../../lambdas/domain/schedule/schedule.ts'
import { groupsOf } from '../../lambdas/runtime/groups.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { makeWriter, model, type Models, periodMs, type RawItem } from './population.ts'

export const table = 'Heartbeats'
const READ_UNIT_BYTES = 4096
/** As many go into one call. */
const BATCH_SIZE = 25

function settingsAt(endpoint: string) {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' }
  return { endpoint, region: 'us-east-1', credentials }
}

/**
 * What the product writes for checks that are defined and pinged, on an engine whose table is made
 * here and left empty.
 */
export async function writeModels(endpoint: string): Promise<Models> {
  const client = new DynamoDBClient(settingsAt(endpoint))
  const id = { AttributeName: 'id', KeyType: 'HASH' } as const
  const AttributeDefinitions = [{ AttributeName: 'id', AttributeType: 'S' } as const]
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [id],
      AttributeDefinitions,
    }),
  )
  const simple = { kind: 'simple', periodSeconds: periodMs / 1000 } as const
  return {
    simple: await written(endpoint, simple),
    cron: await written(endpoint, { kind: 'cron', expression: model.minute }),
    ruled: await written(endpoint, simple, rules),
  }
}

/** All that a heartbeat may have of rules, and a window. */
const rules: StateRules = {
  maxRuntimeSeconds: 7200,
  minRuntimeSeconds: 30,
  mostPings: { count: 5, seconds: 3600 },
  failures: { count: 3, of: 5 },
  successes: 2,
}

async function written(
  endpoint: string,
  schedule: Schedule,
  ofRules?: StateRules,
): Promise<RawItem> {
  const heartbeats = new Heartbeats(makeSdkDatabase(settingsAt(endpoint)), table)
  const filters = { methods: '', manualResume: false, hasBodyRules: false } as const
  await heartbeats.define(model.id, {
    version: 1,
    schedule,
    timeZone: 'UTC',
    graceSeconds: periodMs / 1000,
    ...filters,
    ...(ofRules === undefined ? {} : { rules: ofRules }),
  })
  if (ofRules !== undefined)
    await heartbeats.setWindows(
      model.id,
      { projectId: model.project, revision: 1, numbers: [0] },
      2,
    )
  const from = {
    scheme: 'https',
    method: 'GET',
    address: '198.51.100.7',
    userAgent: 'curl/8.5.0',
    bodyBytes: 0,
  }
  await heartbeats.recordPing(model.id, {
    signal: 'success',
    at: model.pingedAt,
    requestId: model.requestId,
    ...from,
  })
  const { Item } = (await call(endpoint, 'GetItem', { Key: { id: { S: model.id } } })) as {
    readonly Item: RawItem
  }
  await heartbeats.remove(model.id, 1)
  return Item
}

/**
 * Writes the population. @returns what one eventually consistent scan of it costs, and how large an
 * item is
 */
export async function fill(
  endpoint: string,
  models: Models,
  count: number,
): Promise<{ readonly readUnits: number; readonly itemBytes: number; readonly pages: number }> {
  const write = makeWriter(models)
  for (const indices of groupsOf([...Array(count).keys()], BATCH_SIZE)) {
    const requests = indices.map((index) => `{"PutRequest":{"Item":${write(index)}}}`)
    await post(endpoint, 'BatchWriteItem', `{"RequestItems":{"${table}":[${requests.join(',')}]}}`)
  }
  const client = new DynamoDBClient(settingsAt(endpoint))
  let [readUnits, pages] = [0, 0]
  let start: Parameters<typeof Object.keys>[0] | undefined
  do {
    const input = {
      TableName: table,
      ReturnConsumedCapacity: 'TOTAL',
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    } as const
    const page = await client.send(new ScanCommand(input))
    readUnits += page.ConsumedCapacity?.CapacityUnits ?? NaN
    pages += 1
    start = page.LastEvaluatedKey
  } while (start !== undefined)
  return { readUnits, pages, itemBytes: (readUnits * 2 * READ_UNIT_BYTES) / count }
}

/** @throws unless both endpoints have the same heartbeats, on as many pages */
export async function assertSamePages(one: string, other: string): Promise<void> {
  const [[heartbeats, pages], [others, otherPages]] = await Promise.all([
    scanned(one),
    scanned(other),
  ])
  assert.deepEqual(heartbeats, others)
  assert.equal(pages, otherPages)
}

async function scanned(endpoint: string): Promise<readonly [readonly Heartbeat[], number]> {
  const all: Heartbeat[] = []
  let pages = 0
  for await (const { heartbeats, broken } of new Heartbeats(
    makeSdkDatabase(settingsAt(endpoint)),
    table,
  ).scan(0, 1)) {
    assert.deepEqual(broken, [])
    all.push(...heartbeats)
    pages += 1
  }
  return [all.sort((a, b) => (a.id < b.id ? -1 : 1)), pages]
}

async function call(endpoint: string, operation: string, input: object): Promise<unknown> {
  return JSON.parse(
    (await post(endpoint, operation, JSON.stringify({ TableName: table, ...input }))).toString(),
  )
}

async function post(endpoint: string, operation: string, body: string): Promise<Buffer> {
  const client = new EngineClient(endpoint)
  const answer = await client.send(`DynamoDB_20120810.${operation}`, body)
  client.close()
  if (answer.status !== 200)
    throw new Error(`the engine refused ${operation}: ${answer.body.toString().slice(0, 300)}`)
  return answer.body
}
