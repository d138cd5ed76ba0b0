import { filterOf, type Condition } from './conditions.ts'
import { invalid, unknownToModel } from './failures.ts'
import { keyConditionOf, partitionIn } from './key-conditions.ts'
import { keyOf } from './keys.ts'
import { type Scope, scopeOf } from './operands.ts'
import { isReserved } from './reserved-words.ts'
import type { Row, Table } from './table.ts'
import type { Item } from './values.ts'

type Paged = {
  readonly ConsistentRead?: boolean | undefined
  readonly ExclusiveStartKey?: Item | undefined
  readonly Limit?: number | undefined
  readonly FilterExpression?: string | undefined
  readonly ExpressionAttributeNames?: Record<string, string> | undefined
  readonly ExpressionAttributeValues?: Item | undefined
}
export type Query = Paged & { readonly KeyConditionExpression?: string | undefined; readonly ScanIndexForward?: boolean | undefined }
export type Scan = Paged & {
  readonly ProjectionExpression?: string | undefined
  readonly Segment?: number | undefined
  readonly TotalSegments?: number | undefined
}

/** The `Count` is of items that the filter let through, the `ScannedCount` of all. */
export type Page = { readonly Items: Item[]; readonly Count: number; readonly ScannedCount: number; readonly LastEvaluatedKey?: Item }

const PAGE_BYTES = 1_048_576
const HASHES = 2 ** 32

export function query(table: Table, input: Query, pageSize: number): Page {
  const condition = keyConditionOf(input.KeyConditionExpression ?? '')
  const filter = input.FilterExpression === undefined ? undefined : filterOf(input.FilterExpression)
  const scope = scopeOf(input, [condition, filter], undefined)
  const { partition, ofSort } = partitionIn(condition.run, scope, table.shape)
  const first = keyOf({ partitionKey: 'partition' }, { partition: { S: partition } })
  const isWithin = (row: Row) => row.partition === partition
  const isWanted = (item: Item) => ofSort === undefined || ofSort({ ...scope, item })
  const isForward = input.ScanIndexForward !== false
  const place = isForward ? first : { ...first, partition: `${partition}\0` }
  return pageOf(table, input, { from: table.indexOf(place), isForward, isWithin, isWanted, scope, filter: filter?.run, pageSize })
}

export function scan(table: Table, input: Scan, pageSize: number): Page {
  const { Segment: segment = 0, TotalSegments: segments = 1 } = input
  if (segment >= segments) throw invalid(`The Segment parameter is zero-based and must be less than parameter TotalSegments: ${segment}`)
  const filter = input.FilterExpression === undefined ? undefined : filterOf(input.FilterExpression)
  const scope = scopeOf(input, [filter], undefined)
  const [first, end] = [Math.ceil((segment * HASHES) / segments), Math.ceil(((segment + 1) * HASHES) / segments)]
  const isWithin = ({ hash }: Row) => hash < end
  const from = table.indexOf({ hash: first, partition: '', sort: '' })
  const page = pageOf(table, input, { from, isForward: true, isWithin, isWanted: () => true, scope, filter: filter?.run, pageSize })
  return input.ProjectionExpression === undefined ? page : { ...page, Items: page.Items.map(projectionOf(input.ProjectionExpression)) }
}

/** Of an item the attributes with these names; the model knows no others than plain ones. */
function projectionOf(expression: string): (item: Item) => Item {
  const names = expression.split(/\s*,\s*/)
  const unknown = names.find((name) => !/^[A-Za-z]\w*$/.test(name) || isReserved(name))
  if (unknown !== undefined) throw unknownToModel(`${unknown} in a ProjectionExpression`)
  return (item) => Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)))
}

type Walk = {
  readonly from: number
  readonly isForward: boolean
  readonly isWithin: (row: Row) => boolean
  readonly isWanted: (item: Item) => boolean
  readonly scope: Scope
  readonly filter: Condition | undefined
  readonly pageSize: number
}

/** Reads on until the page is full: of items, when it has a key to go on from even if nothing is left, or of bytes, when the next item does not fit. */
function pageOf(table: Table, input: Paged, walk: Walk): Page {
  const { ConsistentRead: isConsistent = false, Limit: limit = Infinity } = input
  const most = Math.min(limit, walk.pageSize)
  if (most < 1)
    throw invalid(
      `1 validation error detected: Value '${most}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    )
  const Items: Item[] = []
  let [seen, bytes] = [0, 0]
  let last: Item | undefined
  const step = walk.isForward ? 1 : -1
  for (let index = startOf(table, input, walk); ; index += step) {
    const row = table.rows[index]
    if (row === undefined || !walk.isWithin(row)) return { Items, Count: Items.length, ScannedCount: seen }
    const item = table.see(row, isConsistent)
    if (item === undefined || !walk.isWanted(item)) continue
    bytes += table.bytesOf(row)
    if (last !== undefined && bytes > PAGE_BYTES) return { Items, Count: Items.length, ScannedCount: seen, LastEvaluatedKey: last }
    seen += 1
    last = row.keys
    if (walk.filter === undefined || walk.filter({ ...walk.scope, item })) Items.push(item)
    if (seen >= most) return { Items, Count: Items.length, ScannedCount: seen, LastEvaluatedKey: last }
  }
}

/** The first row behind the one that the last page ended with, which may be gone by now. */
function startOf(table: Table, input: Paged, { from, isForward }: Walk): number {
  if (input.ExclusiveStartKey === undefined) return isForward ? from : from - 1
  const key = keyOf(table.shape, input.ExclusiveStartKey)
  const index = table.indexOf(key)
  if (!isForward) return index - 1
  return table.rows[index]?.id === key.id ? index + 1 : index
}
