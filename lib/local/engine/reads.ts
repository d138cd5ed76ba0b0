import { filterOf, type Condition } from './conditions.ts'
import { invalid } from './failures.ts'
import { keyConditionOf, partitionIn } from './key-conditions.ts'
import { keyOf } from './keys.ts'
import { cached, type Path, pathOf, type Scope, scopeOf } from './operands.ts'
import type { Row, Table } from './table.ts'
import { Tokens } from './tokens.ts'
import { type OnUse, readUnits } from './usage.ts'
import type { StoredItem } from './values.ts'

type Paged = {
  readonly ConsistentRead?: boolean | undefined
  readonly ExclusiveStartKey?: StoredItem | undefined
  readonly Limit?: number | undefined
  readonly FilterExpression?: string | undefined
  readonly ExpressionAttributeNames?: Record<string, string> | undefined
  readonly ExpressionAttributeValues?: StoredItem | undefined
}
export type QueryInput = Paged & {
  readonly KeyConditionExpression?: string | undefined
  readonly ScanIndexForward?: boolean | undefined
}
export type ScanInput = Paged & {
  readonly ProjectionExpression?: string | undefined
  readonly Segment?: number | undefined
  readonly TotalSegments?: number | undefined
}

/** `Count` counts the items that the filter let through, `ScannedCount` all. */
export type Page = {
  readonly Items: StoredItem[]
  readonly Count: number
  readonly ScannedCount: number
  readonly LastEvaluatedKey?: StoredItem
}

const PAGE_BYTES = 1_048_576
const HASHES = 2 ** 32

/** `pageSize` is the most items on a page. */
export type Paging = { readonly pageSize: number; readonly onUse: OnUse | undefined }

export function queryTable(table: Table, input: QueryInput, paging: Paging): Page {
  const condition = keyConditionOf(input.KeyConditionExpression ?? '')
  const filter = input.FilterExpression === undefined ? undefined : filterOf(input.FilterExpression)
  const scope = scopeOf(input, [condition, filter], undefined)
  const { partition, ofSort } = partitionIn(condition.run, scope, table.shape)
  const first = keyOf({ partitionKey: 'partition' }, { partition: { S: partition } })
  const isWithin = (row: Row) => row.partition === partition
  const isWanted = (item: StoredItem) => ofSort === undefined || ofSort({ ...scope, item })
  const isForward = input.ScanIndexForward !== false
  const place = isForward ? first : { ...first, partition: `${partition}\0` }
  return pageOf(table, input, {
    from: table.indexOf(place),
    isForward,
    isWithin,
    isWanted,
    scope,
    filter: filter?.run,
    ...paging,
  })
}

export function scanTable(table: Table, input: ScanInput, paging: Paging): Page {
  const { Segment: segment = 0, TotalSegments: segments = 1 } = input
  if (segment >= segments)
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: ${segment}`,
    )
  const filter = input.FilterExpression === undefined ? undefined : filterOf(input.FilterExpression)
  const projection =
    input.ProjectionExpression === undefined ? undefined : projectionOf(input.ProjectionExpression)
  const scope = scopeOf(input, [filter, projection], undefined)
  const [first, end] = [
    Math.ceil((segment * HASHES) / segments),
    Math.ceil(((segment + 1) * HASHES) / segments),
  ]
  const isWithin = ({ hash }: Row) => hash < end
  const from = table.indexOf({ hash: first, partition: '', sort: '' })
  const page = pageOf(table, input, {
    from,
    isForward: true,
    isWithin,
    isWanted: () => true,
    scope,
    filter: filter?.run,
    ...paging,
  })
  if (projection === undefined) return page
  const names = new Set(projection.run.map((path) => path(scope)))
  return {
    ...page,
    Items: page.Items.map((item) =>
      Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name))),
    ),
  }
}

/** The attributes that a read asks for. */
const projectionOf = cached<readonly Path[]>((text) => {
  const tokens = new Tokens('ProjectionExpression', text)
  const paths = [pathOf(tokens)]
  while (tokens.accept(',')) paths.push(pathOf(tokens))
  tokens.end()
  return { run: paths, names: tokens.names, values: tokens.values }
})

type Walk = Paging & {
  readonly from: number
  readonly isForward: boolean
  readonly isWithin: (row: Row) => boolean
  readonly isWanted: (item: StoredItem) => boolean
  readonly scope: Scope
  readonly filter: Condition | undefined
}

/**
 * Reads until the page is full. A page with as many items as asked for has a key to go on from,
 * even if nothing is left; one that is full of bytes has it only before an item that does not fit.
 */
function pageOf(table: Table, input: Paged, walk: Walk): Page {
  const { page, bytes } = walked(table, input, walk)
  walk.onUse?.(table.shape.name, readUnits(bytes, input.ConsistentRead === true))
  return page
}

function walked(
  table: Table,
  input: Paged,
  walk: Walk,
): { readonly page: Page; readonly bytes: number } {
  const { ConsistentRead: isConsistent = false, Limit: limit = Infinity } = input
  const most = Math.min(limit, walk.pageSize)
  if (most < 1)
    throw invalid(
      `1 validation error detected: Value '${most}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    )
  const Items: StoredItem[] = []
  let [seen, bytes] = [0, 0]
  let last: StoredItem | undefined
  const step = walk.isForward ? 1 : -1
  for (let index = startOf(table, input, walk); ; index += step) {
    const row = table.rows[index]
    if (row === undefined || !walk.isWithin(row)) return { page: counted(Items, seen), bytes }
    const item = table.see(row, isConsistent)
    if (item === undefined || !walk.isWanted(item)) continue
    const size = table.bytesOf(row)
    if (last !== undefined && bytes + size > PAGE_BYTES)
      return { page: { ...counted(Items, seen), LastEvaluatedKey: last }, bytes }
    bytes += size
    seen += 1
    last = row.keys
    if (walk.filter === undefined || walk.filter({ ...walk.scope, item })) Items.push(item)
    if (seen >= most) return { page: { ...counted(Items, seen), LastEvaluatedKey: last }, bytes }
  }
}

function counted(Items: StoredItem[], ScannedCount: number): Page {
  return { Items, Count: Items.length, ScannedCount }
}

/** The first row behind the end of the last page. The row at that end may be gone by now. */
function startOf(table: Table, input: Paged, { from, isForward }: Walk): number {
  if (input.ExclusiveStartKey === undefined) return isForward ? from : from - 1
  const key = keyOf(table.shape, input.ExclusiveStartKey)
  const index = table.indexOf(key)
  if (!isForward) return index - 1
  return table.rows[index]?.id === key.id ? index + 1 : index
}
