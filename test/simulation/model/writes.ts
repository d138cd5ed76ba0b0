import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { conditionOf } from './conditions.ts'
import { invalid, invalidParameters } from './failures.ts'
import { type KeyOf, keyIn, keyItem, keyOf } from './keys.ts'
import { type Scope, scopeOf } from './operands.ts'
import type { Table } from './table.ts'
import { type Action, updateOf } from './updates.ts'
import { bytesOf, type Item, keptItem } from './values.ts'

type Conditional = {
  readonly ConditionExpression?: string | undefined
  readonly ExpressionAttributeNames?: Record<string, string> | undefined
  readonly ExpressionAttributeValues?: Item | undefined
}
export type Put = Conditional & { readonly Item: Item | undefined }
export type Keyed = Conditional & { readonly Key: Item | undefined }
export type Update = Keyed & { readonly UpdateExpression?: string | undefined }

/** A write that is checked and not yet done. `after` is to be asked only when the condition holds. */
export type Write = {
  readonly table: Table
  readonly key: KeyOf
  readonly before: Item | undefined
  readonly isAllowed: boolean
  after(): Outcome
}

/** What a write leaves behind, and the attributes that it set. */
export type Outcome = { readonly item: Item | undefined; readonly touched: readonly string[] }

const LARGEST_ITEM_BYTES = 400 * 1024

export function planPut(table: Table, input: Put): Write {
  const item = keptItem(input.Item ?? {})
  const key = keyIn(table.shape, item)
  const before = table.find(key)
  if (bytesOf(item) > LARGEST_ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size')
  return { table, key, before, isAllowed: isAllowed(input, before), after: () => ({ item, touched: [] }) }
}

export function planDelete(table: Table, input: Keyed): Write {
  const key = keyOf(table.shape, input.Key)
  const before = table.find(key)
  return { table, key, before, isAllowed: isAllowed(input, before), after: () => ({ item: undefined, touched: [] }) }
}

/** A write that leaves all as it is, on a condition. */
export function planCheck(table: Table, input: Keyed): Write {
  const key = keyOf(table.shape, input.Key)
  const before = table.find(key)
  return { table, key, before, isAllowed: isAllowed(input, before), after: () => ({ item: before, touched: [] }) }
}

export function planUpdate(table: Table, input: Update): Write {
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

function isAllowed(input: Conditional, item: Item | undefined): boolean {
  const condition = input.ConditionExpression === undefined ? undefined : conditionOf(input.ConditionExpression)
  const scope = scopeOf(input, [condition], item)
  return condition === undefined || condition.run(scope)
}

function checkPaths(table: Table, names: readonly string[]): void {
  const { partitionKey, sortKey } = table.shape
  const seen = new Set(names)
  for (const name of [partitionKey, sortKey]) {
    if (name !== undefined && seen.has(name)) throw invalidParameters(`Cannot update attribute ${name}. This attribute is part of the key`)
  }
  if (seen.size === names.length) return
  const twice = names.find((name, index) => names.indexOf(name) !== index) ?? ''
  const paths = `path one: [${twice}], path two: [${twice}]`
  throw invalid(`Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; ${paths}`)
}

function updated(
  item: Item,
  actions: readonly Action[],
  { scope, names }: { readonly scope: Scope; readonly names: readonly string[] },
): Outcome {
  const changes = new Map<string, AttributeValue | undefined>()
  for (const [index, { value }] of actions.entries()) changes.set(names[index] ?? '', value(scope))
  const after: Item = {}
  for (const name in item) {
    const value = item[name]
    if (value !== undefined && !changes.has(name)) after[name] = value
  }
  const touched: string[] = []
  for (const [name, value] of changes) {
    if (value === undefined) continue
    after[name] = value
    touched.push(name)
  }
  if (bytesOf(after) > LARGEST_ITEM_BYTES) throw invalid('Item size to update has exceeded the maximum allowed size')
  return { item: Object.freeze(after), touched }
}
