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
  const left = await leftAfter(READ_TRIES, keys, async (wanted) => {
    const RequestItems = { [table]: { Keys: wanted, ConsistentRead: true } }
    const answer: Gotten = await call('BatchGetItem', { RequestItems })
    items.push(...(answer.Responses?.[table] ?? []))
    return answer.UnprocessedKeys?.[table]?.Keys ?? []
  })
  if (left.length === 0) return items
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
  const left = await leftAfter(WRITE_TRIES, requests, async (wanted) => {
    const answer: Left = await call('BatchWriteItem', { RequestItems: { [table]: wanted } })
    return answer.UnprocessedItems?.[table] ?? []
  })
  if (left.length > 0)
    throw new Error(
      `DynamoDB left ${left.length} items of ${table} unwritten after ${WRITE_TRIES} tries`,
    )
}

/** Asks for what each answer leaves, up to so many times in all. Answers with what is left then. */
async function leftAfter(
  tries: number,
  wanted: readonly object[],
  ask: (wanted: readonly object[]) => Promise<readonly object[]>,
): Promise<readonly object[]> {
  let left = wanted
  for (let attempt = 0; attempt < tries && left.length > 0; attempt += 1) {
    if (attempt > 0) await backOff(attempt - 1)
    left = await ask(left)
  }
  return left
}
