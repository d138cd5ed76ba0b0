import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { backOff } from '../../runtime/backoff.ts'
import { groupsOf } from '../../runtime/groups.ts'

type Item = Record<string, AttributeValue>

const BATCH_SIZE = 100
/** Ten batches: more at once would be more connections than they save time. */
const KEYS_AT_A_TIME = 1000
const TRIES = 10

/**
 * The items with these keys, as they are now and in no order; those that don't exist are left out.
 * No key may stand there twice.
 * @throws when DynamoDB leaves keys unread again and again.
 */
export async function readBatch(
  client: DynamoDBClient,
  table: string,
  keys: readonly object[],
): Promise<readonly Item[]> {
  const items: Item[] = []
  for (const some of groupsOf(keys, KEYS_AT_A_TIME)) {
    const pages = groupsOf(some, BATCH_SIZE).map((batch) =>
      readPage(
        client,
        table,
        batch.map((key) => marshall(key)),
      ),
    )
    items.push(...(await Promise.all(pages)).flat())
  }
  return items
}

async function readPage(
  client: DynamoDBClient,
  table: string,
  keys: Item[],
): Promise<readonly Item[]> {
  const items: Item[] = []
  let left = keys
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const request = { [table]: { Keys: left, ConsistentRead: true } }
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: request }),
    )
    items.push(...(Responses?.[table] ?? []))
    left = UnprocessedKeys?.[table]?.Keys ?? []
    if (left.length === 0) return items
    await backOff(attempt)
  }
  throw new Error(`DynamoDB left ${left.length} keys of ${table} unread after ${TRIES} tries`)
}
