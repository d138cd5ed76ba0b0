import { z } from 'zod'
import type { EngineClient } from '../engine/engine-client.ts'
import type { TableDefinition } from '../template/wiring.ts'

const pageShape = z.object({
  Items: z.array(z.record(z.string(), z.unknown())),
  LastEvaluatedKey: z.record(z.string(), z.unknown()).optional(),
})
const keySchemaShape = z.array(z.object({ AttributeName: z.string() }))

/**
 * Removes a table's items whose time to live is over. The engine can't: its clock is not the
 * stack's.
 */
export async function removeExpired(
  engine: Pick<EngineClient, 'call'>,
  table: TableDefinition,
  now: number,
): Promise<void> {
  const { name: TableName, ttlAttribute, creation } = table
  if (ttlAttribute === undefined) return
  const keys = keySchemaShape.parse(creation['KeySchema']).map(({ AttributeName }) => AttributeName)
  const scan = {
    TableName,
    ProjectionExpression: keys.map((_, index) => `#k${index}`).join(', '),
    FilterExpression: '#ttl < :now',
    ExpressionAttributeNames: {
      '#ttl': ttlAttribute,
      ...Object.fromEntries(keys.map((key, index) => [`#k${index}`, key])),
    },
    ExpressionAttributeValues: { ':now': { N: Math.floor(now / 1000).toString() } },
  }
  let start: Record<string, unknown> | undefined
  do {
    const input = { ...scan, ...(start === undefined ? {} : { ExclusiveStartKey: start }) }
    const page = pageShape.parse(await engine.call('DynamoDB_20120810.Scan', input))
    for (const Key of page.Items)
      await engine.call('DynamoDB_20120810.DeleteItem', { TableName, Key })
    start = page.LastEvaluatedKey
  } while (start !== undefined)
}
