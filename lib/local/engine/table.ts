import type { DynamoDBRecord } from 'aws-lambda'
import { keyIn, type KeyOf, keyItem } from './keys.ts'
import { recordOf } from './records.ts'
import { itemBytes, compareText, isSameItem, type StoredItem, keptItem } from './values.ts'

/** All keys are strings. */
export type TableShape = {
  readonly name: string
  readonly partitionKey: string
  readonly sortKey?: string | undefined
  readonly hasStream?: boolean | undefined
}

/**
 * How far behind reads may be that don't ask for consistency: `pick` is asked, for each item that
 * such a read meets, how many milliseconds.
 */
export type Staleness = { readonly mostMs: number; pick(table: string): number }

export type TableOptions = { readonly now: () => number; readonly staleness: Staleness | undefined }

/**
 * An item with its place in the table. A deleted one stays as long as stale reads may still find
 * it.
 */
export type Row = KeyOf & {
  readonly keys: StoredItem
  item: StoredItem | undefined
  bytes: number | undefined
  older: Version | undefined
}

/** What an item was until an instant. */
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

/**
 * The items of one table, in the order of a scan: by the hash of the partition, and within it by
 * the sort key.
 */
export class Table {
  readonly shape: TableShape
  readonly rows: Row[] = []
  readonly records: DynamoDBRecord[] = []
  /** How many records the stream has had; the first of them may be gone. */
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

  /** What a read finds in a row. */
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

  /** What a read finds at a key. */
  seeAt(key: KeyOf, isConsistent: boolean): StoredItem | undefined {
    const row = this.#byId.get(key.id)
    return row && this.see(row, isConsistent)
  }

  /** What DynamoDB counts for a row, as it is now. */
  bytesOf(row: Row): number {
    row.bytes ??= itemBytes(row.item ?? {})
    return row.bytes
  }

  /**
   * What it changes to put an item where another or none was, or undefined, which deletes it;
   * undefined when it changes nothing.
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

  /** Is as a table was before, in a process that is gone. */
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

  /** Forgets the records of its stream that are older. */
  forgetRecords(before: number): void {
    const first = this.records.findIndex(
      ({ dynamodb }) => (dynamodb?.ApproximateCreationDateTime ?? 0) * 1000 >= before,
    )
    this.records.splice(0, first === -1 ? this.records.length : first)
  }

  /** Where the first row lies that is not before this place. */
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

/** The versions that were there after an instant; nobody sees the others any more. */
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
