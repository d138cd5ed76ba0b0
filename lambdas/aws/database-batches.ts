import { backOff } from '../runtime/backoff.ts'
import { groupsOf } from '../runtime/groups.ts'
import type { DatabaseCall } from './database-call.ts'

const READ_BATCH = 100
const WRITE_BATCH = 25
/** Ten batches at a time: opening more connections would cost more time than they save. */
const KEYS_AT_A_TIME = 1000
const READ_TRIES = 10
const WRITE_TRIES = 5

/**
 * Reads the items with these keys. Keys whose items did not fit into an answer are asked for again.
 */
export async function gotten(
  call: DatabaseCall,
  table: string,
  keys: readonly object[],
): Promise<readonly object[]> {
  const items: object[] = []
  for (const some of groupsOf(keys, KEYS_AT_A_TIME)) {
    const batches = groupsOf(some, READ_BATCH).map((batch) => gottenBatch(call, table, batch))
    items.push(...(await Promise.all(batches)).flat())
  }
  return items
}

type Gotten = {
  readonly Responses?: Readonly<Record<string, readonly object[]>>
  readonly UnprocessedKeys?: Readonly<Record<string, { readonly Keys?: readonly object[] }>>
}

async function gottenBatch(
  call: DatabaseCall,
  table: string,
  keys: readonly object[],
): Promise<readonly object[]> {
  const items: object[] = []
  let left = keys
  for (let attempt = 0; attempt < READ_TRIES; attempt += 1) {
    const RequestItems = { [table]: { Keys: left, ConsistentRead: true } }
    const answer: Gotten = await call('BatchGetItem', { RequestItems })
    items.push(...(answer.Responses?.[table] ?? []))
    left = answer.UnprocessedKeys?.[table]?.Keys ?? []
    if (left.length === 0) return items
    await backOff(attempt)
  }
  throw new Error(`DynamoDB left ${left.length} keys of ${table} unread after ${READ_TRIES} tries`)
}

/** Writes items. What DynamoDB leaves unwritten is written again. */
export async function putAll(
  call: DatabaseCall,
  table: string,
  items: readonly object[],
): Promise<void> {
  for (const batch of groupsOf(items, WRITE_BATCH))
    await putBatch(
      call,
      table,
      batch.map((Item) => ({ PutRequest: { Item } })),
    )
}

type Left = { readonly UnprocessedItems?: Readonly<Record<string, readonly object[]>> }

async function putBatch(
  call: DatabaseCall,
  table: string,
  requests: readonly object[],
): Promise<void> {
  let left = requests
  for (let attempt = 0; attempt < WRITE_TRIES; attempt += 1) {
    const answer: Left = await call('BatchWriteItem', { RequestItems: { [table]: left } })
    left = answer.UnprocessedItems?.[table] ?? []
    if (left.length === 0) return
    await backOff(attempt)
  }
  throw new Error(
    `DynamoDB left ${left.length} items of ${table} unwritten after ${WRITE_TRIES} tries`,
  )
}
