import { conditionOf } from './conditions.ts'
import { invalid, invalidParameters } from './failures.ts'
import { type KeyOf, keyIn, keyItem, keyOf } from './keys.ts'
import { type Scope, scopeOf } from './operands.ts'
import type { Table } from './table.ts'
import { type Assignment, updateOf } from './updates.ts'
import { itemBytes, type StoredItem, keptItem } from './values.ts'

type Conditional = {
  readonly ConditionExpression?: string | undefined
  readonly ExpressionAttributeNames?: Record<string, string> | undefined
  readonly ExpressionAttributeValues?: StoredItem | undefined
}
export type PutInput = Conditional & { readonly Item: StoredItem | undefined }
export type Keyed = Conditional & { readonly Key: StoredItem | undefined }
export type UpdateInput = Keyed & { readonly UpdateExpression?: string | undefined }

/** A write that is checked but not yet done. Call `after` only when the condition holds. */
export type PlannedWrite = {
  readonly table: Table
  readonly key: KeyOf
  readonly before: StoredItem | undefined
  readonly isAllowed: boolean
  after(): WriteResult
}

/** The item that a write leaves, and the attributes that it set or removed. */
export type WriteResult = {
  readonly item: StoredItem | undefined
  readonly touched: readonly string[]
}

const LARGEST_ITEM_BYTES = 400 * 1024

export function planPut(table: Table, input: PutInput): PlannedWrite {
  const item = keptItem(input.Item ?? {})
  const key = keyIn(table.shape, item)
  const before = table.find(key)
  if (itemBytes(item) > LARGEST_ITEM_BYTES)
    throw invalid('Item size has exceeded the maximum allowed size')
  return {
    table,
    key,
    before,
    isAllowed: isAllowed(input, before),
    after: () => ({ item, touched: [] }),
  }
}

export function planDelete(table: Table, input: Keyed): PlannedWrite {
  return planned(table, input, () => undefined)
}

/** A write that checks a condition and changes nothing. */
export function planCheck(table: Table, input: Keyed): PlannedWrite {
  return planned(table, input, (before) => before)
}

function planned(
  table: Table,
  input: Keyed,
  after: (before: StoredItem | undefined) => StoredItem | undefined,
): PlannedWrite {
  const key = keyOf(table.shape, input.Key)
  const before = table.find(key)
  return {
    table,
    key,
    before,
    isAllowed: isAllowed(input, before),
    after: () => ({ item: after(before), touched: [] }),
  }
}

export function planUpdate(table: Table, input: UpdateInput): PlannedWrite {
  const { ConditionExpression, UpdateExpression } = input
  const key = keyOf(table.shape, input.Key)
  const before = table.find(key)
  const condition = ConditionExpression === undefined ? undefined : conditionOf(ConditionExpression)
  const update = UpdateExpression === undefined ? undefined : updateOf(UpdateExpression)
  const scope = scopeOf(input, [condition, update], before)
  const actions = update?.run ?? []
  const names = actions.map(({ path }) => path(scope))
  checkPaths(table, names)
  return {
    table,
    key,
    before,
    isAllowed: condition === undefined || condition.run(scope),
    after: () => updated(before ?? keyItem(table.shape, key), actions, { scope, names }),
  }
}

function isAllowed(input: Conditional, item: StoredItem | undefined): boolean {
  const condition =
    input.ConditionExpression === undefined ? undefined : conditionOf(input.ConditionExpression)
  const scope = scopeOf(input, [condition], item)
  return condition === undefined || condition.run(scope)
}

/** Checks without making objects, because this runs for each ping. */
function checkPaths(table: Table, names: readonly string[]): void {
  const { partitionKey, sortKey } = table.shape
  for (const [index, name] of names.entries()) {
    if (name === partitionKey || name === sortKey)
      throw invalidParameters(`Cannot update attribute ${name}. This attribute is part of the key`)
    if (names.indexOf(name) !== index) throw overlapping(name)
  }
}

function overlapping(name: string): Error {
  const paths = `path one: [${name}], path two: [${name}]`
  return invalid(
    `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; ${paths}`,
  )
}

type Updating = { readonly names: readonly string[]; readonly scope: Scope }

function updated(
  item: StoredItem,
  actions: readonly Assignment[],
  { names, scope }: Updating,
): WriteResult {
  const values = actions.map(({ value }) => value(scope))
  const removed = names.filter((_, index) => values[index] === undefined)
  const after: StoredItem = {}
  for (const name in item) {
    const value = item[name]
    if (value !== undefined && !removed.includes(name)) after[name] = value
  }
  for (const [index, name] of names.entries()) {
    const value = values[index]
    if (value !== undefined) after[name] = value
  }
  if (itemBytes(after) > LARGEST_ITEM_BYTES)
    throw invalid('Item size to update has exceeded the maximum allowed size')
  return { item: Object.freeze(after), touched: names }
}
