import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { expect, it } from 'vitest'
import {
  advance,
  aProject,
  base,
  createCheck,
  mailsTo,
  operate,
  readCheck,
  request,
  settle,
} from '../support/stack.ts'

const credentials = { accessKeyId: 'OPERATOR', secretAccessKey: 'local' }

async function loseHeartbeats(): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: `${base}/_local/aws`,
    region: 'us-east-1',
    credentials,
  })
  for await (const { Items = [] } of paginateScan(
    { client },
    { TableName: 'Heartbeats', ProjectionExpression: 'id' },
  )) {
    for (const { id } of Items)
      if (id) await client.send(new DeleteItemCommand({ TableName: 'Heartbeats', Key: { id } }))
  }
}

it('rebuilds the Heartbeats table, and checks without state say so until their next ping', async () => {
  const project = await aProject()
  const check = await createCheck(project, { name: 'survivor' })
  const url = check.ping_url
  await request('GET', url)
  await advance(600)
  await settle()
  const stateLostAt = async () => (await readCheck(project, check.uuid))['state_lost_at']
  expect(await stateLostAt()).toBeUndefined()

  await loseHeartbeats()
  expect((await request('GET', url)).status).toBe(404)
  expect(await stateLostAt()).toBeDefined()
  const rebuilt = await operate('reconcile', '--json')

  expect(rebuilt.status).toBe(0)
  const { missing, withoutState } = JSON.parse(rebuilt.out) as {
    readonly missing: number
    readonly withoutState: number
  }
  expect(missing).toBeGreaterThanOrEqual(1)
  expect(withoutState).toBeGreaterThanOrEqual(1)
  expect(await stateLostAt()).toBeDefined()

  expect((await request('GET', url)).status).toBe(200)
  expect(await stateLostAt()).toBeUndefined()
  await advance(1000)
  expect((await mailsTo(project)).map(({ subject }) => subject)).toEqual(['DOWN | survivor'])
})
