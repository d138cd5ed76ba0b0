import { invalid } from './failures.ts'
import { type KeyOf, keyOf } from './keys.ts'
import type { Table } from './table.ts'
import { type OnUse, readUnits } from './usage.ts'
import { itemBytes, type StoredItem } from './values.ts'
import { planDelete, planPut, type PlannedWrite } from './writes.ts'

export type KeysAndAttributes = {
  readonly Keys: readonly StoredItem[] | undefined
  readonly ConsistentRead?: boolean | undefined
}
export type BatchGet = {
  readonly RequestItems: Readonly<Record<string, KeysAndAttributes>> | undefined
}
type WriteRequest = {
  readonly PutRequest?: { readonly Item: StoredItem | undefined }
  readonly DeleteRequest?: { readonly Key: StoredItem | undefined }
}
export type BatchWrite = {
  readonly RequestItems: Readonly<Record<string, readonly WriteRequest[]>> | undefined
}

const MOST_READS = 100
const MOST_WRITES = 25
const ANSWER_BYTES = 16 * 1_048_576

/** Reads items until the answer is full, and answers with the keys that are left. */
export function batchGet(
  tableOf: (name: string) => Table,
  { RequestItems = {} }: BatchGet,
  onUse?: OnUse,
): object {
  const requests = Object.entries(RequestItems).map(([name, { Keys = [], ...rest }]) => ({
    name,
    table: tableOf(name),
    Keys,
    rest,
  }))
  checkCount(
    requests.reduce((sum, { Keys }) => sum + Keys.length, 0),
    MOST_READS,
    'BatchGetItem',
  )
  const Responses: Record<string, StoredItem[]> = {}
  const UnprocessedKeys: Record<string, KeysAndAttributes> = {}
  let room = ANSWER_BYTES
  for (const { name, table, Keys, rest } of requests) {
    const keys = Keys.map((key) => keyOf(table.shape, key))
    checkDistinct(keys, 'Provided list of item keys contains duplicates')
    const items: StoredItem[] = []
    let read = 0
    for (; read < keys.length && room > 0; read += 1) {
      const key = keys[read]
      const item = key && table.seeAt(key, rest.ConsistentRead === true)
      onUse?.(table.shape.name, readUnits(itemBytes(item ?? {}), rest.ConsistentRead === true))
      if (item === undefined) continue
      items.push(item)
      room -= itemBytes(item)
    }
    Responses[name] = items
    if (read < keys.length) UnprocessedKeys[name] = { ...rest, Keys: Keys.slice(read) }
  }
  return { Responses, UnprocessedKeys }
}

export function planBatchWrite(
  tableOf: (name: string) => Table,
  { RequestItems = {} }: BatchWrite,
): readonly PlannedWrite[] {
  const requests = Object.entries(RequestItems).flatMap(([name, some]) =>
    some.map((request) => ({ table: tableOf(name), request })),
  )
  checkCount(requests.length, MOST_WRITES, 'BatchWriteItem')
  const writes = requests.map(({ table, request: { PutRequest, DeleteRequest } }) =>
    PutRequest === undefined
      ? planDelete(table, { Key: DeleteRequest?.Key })
      : planPut(table, PutRequest),
  )
  checkDistinctWrites(writes, 'Provided list of item keys contains duplicates')
  return writes
}

export function checkDistinctWrites(writes: readonly PlannedWrite[], message: string): void {
  for (const table of new Set(writes.map((write) => write.table))) {
    checkDistinct(
      writes.filter((write) => write.table === table).map(({ key }) => key),
      message,
    )
  }
}

function checkDistinct(keys: readonly KeyOf[], message: string): void {
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw invalid(message)
}

function checkCount(count: number, most: number, operation: string): void {
  if (count > most) throw invalid(`Too many items requested for the ${operation} call`)
  if (count < 1) throw invalid(`The ${operation} call must ask for at least one item`)
}
