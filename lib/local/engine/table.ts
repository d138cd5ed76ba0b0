import type { DynamoDBRecord } from 'aws-lambda'
import { keyIn, type KeyOf, keyItem } from './keys.ts'
import { recordOf } from './records.ts'
import { itemBytes, compareText, isSameItem, type StoredItem, keptItem } from './values.ts'

/** A table's keys, which are all strings. */
export type TableShape = {
  readonly name: string
  readonly partitionKey: string
  readonly sortKey?: string | undefined
  readonly hasStream?: boolean | undefined
}

/**
 * How far behind inconsistent reads may be. For each item that such a read meets, `pick` says how
 * many milliseconds.
 */
export type Staleness = { readonly mostMs: number; pick(table: string): number }

export type TableOptions = { readonly now: () => number; readonly staleness: Staleness | undefined }

/** An item with its place in the table. A deleted item stays while stale reads may find it. */
export type Row = KeyOf & {
  readonly keys: StoredItem
  item: StoredItem | undefined
  bytes: number | undefined
  older: Version | undefined
}

/** A former version of an item. */
type Version = {
  readonly item: StoredItem | undefined
  readonly until: number
  older: Version | undefined
}

/** What a write does to one item. */
export type Change = {
  readonly table: Table
  readonly key: KeyOf
  readonly keys: StoredItem
  readonly before: StoredItem | undefined
  readonly after: StoredItem | undefined
}

/** The items of one table, in the order of a scan: by the partition's hash, then the sort key. */
export class Table {
  readonly shape: TableShape
  readonly rows: Row[] = []
  readonly records: DynamoDBRecord[] = []
  /** How many records the stream has ever had; the first of them may be gone. */
  recordCount = 0
  readonly #byId = new Map<string, Row>()
  readonly #options: TableOptions

  constructor(shape: TableShape, options: TableOptions) {
    this.shape = shape
    this.#options = options
  }

  find(key: KeyOf): StoredItem | undefined {
    return this.#byId.get(key.id)?.item
  }

  /** The item that a read finds in a row. */
  see(row: Row, isConsistent: boolean): StoredItem | undefined {
    const { now, staleness } = this.#options
    if (isConsistent || staleness === undefined || row.older === undefined) return row.item
    const at = now() - staleness.pick(this.shape.name)
    let { item } = row
    for (
      let version: Version | undefined = row.older;
      version !== undefined && version.until > at;
      version = version.older
    )
      ({ item } = version)
    return item
  }

  /** The item that a read finds at a key. */
  seeAt(key: KeyOf, isConsistent: boolean): StoredItem | undefined {
    const row = this.#byId.get(key.id)
    return row && this.see(row, isConsistent)
  }

  /** The size of a row's item as DynamoDB counts it. */
  bytesOf(row: Row): number {
    row.bytes ??= itemBytes(row.item ?? {})
    return row.bytes
  }

  /**
   * The change that leaves `after` at a key, where undefined stands for a deletion; undefined when
   * nothing changes.
   */
  changeTo(key: KeyOf, after: StoredItem | undefined): Change | undefined {
    const row = this.#byId.get(key.id)
    const before = row?.item
    if (
      before === after ||
      (before !== undefined && after !== undefined && isSameItem(before, after))
    )
      return undefined
    return { table: this, key, keys: row?.keys ?? keyItem(this.shape, key), before, after }
  }

  make({ key, keys, before, after }: Change): void {
    const row = this.#byId.get(key.id)
    if (row === undefined)
      this.#add({ ...key, keys, item: after, bytes: undefined, older: undefined })
    else this.#replace(row, after)
    if (this.shape.hasStream !== true) return
    this.recordCount += 1
    this.records.push(
      recordOf({
        table: this.shape.name,
        number: this.recordCount,
        at: this.#options.now(),
        keys,
        before,
        after,
      }),
    )
  }

  /** Takes over what an earlier process has kept of the table. */
  restore(
    items: readonly StoredItem[],
    records: readonly DynamoDBRecord[],
    recordCount: number,
  ): void {
    for (const item of items.map(keptItem)) {
      const key = keyIn(this.shape, item)
      const row: Row = {
        ...key,
        keys: keyItem(this.shape, key),
        item,
        bytes: undefined,
        older: undefined,
      }
      this.rows.push(row)
      this.#byId.set(row.id, row)
    }
    this.rows.sort(comparePlaces)
    this.records.push(...records)
    this.recordCount = recordCount
  }

  /** Forgets the stream's records from before an instant. */
  forgetRecords(before: number): void {
    const first = this.records.findIndex(
      ({ dynamodb }) => (dynamodb?.ApproximateCreationDateTime ?? 0) * 1000 >= before,
    )
    this.records.splice(0, first === -1 ? this.records.length : first)
  }

  /** The index of the first row that is not before a place. */
  indexOf(place: Pick<Row, 'hash' | 'partition' | 'sort'>): number {
    let [low, high] = [0, this.rows.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const row = this.rows[middle]
      if (row !== undefined && comparePlaces(row, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #add(row: Row): void {
    const { staleness, now } = this.#options
    if (staleness !== undefined) row.older = { item: undefined, until: now(), older: undefined }
    this.rows.splice(this.indexOf(row), 0, row)
    this.#byId.set(row.id, row)
  }

  #replace(row: Row, after: StoredItem | undefined): void {
    const { staleness, now } = this.#options
    if (staleness !== undefined)
      row.older = {
        item: row.item,
        until: now(),
        older: younger(row.older, now() - staleness.mostMs),
      }
    row.item = after
    row.bytes = undefined
    if (after !== undefined || staleness !== undefined) return
    this.rows.splice(this.indexOf(row), 1)
    this.#byId.delete(row.id)
  }
}

/** The versions that were there after an instant. Nobody can read the others any more. */
function younger(version: Version | undefined, at: number): Version | undefined {
  if (version === undefined || version.until <= at) return undefined
  version.older = younger(version.older, at)
  return version
}

function comparePlaces(
  one: Pick<Row, 'hash' | 'partition' | 'sort'>,
  other: Pick<Row, 'hash' | 'partition' | 'sort'>,
): number {
  return (
    one.hash - other.hash ||
    compareText(one.partition, other.partition) ||
    compareText(one.sort, other.sort)
  )
}
