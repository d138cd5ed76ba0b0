/**
 * The tables as stores see them. Values and items are plain ones; expressions are those of
 * DynamoDB, whose `#names` and `:values` stand in `names` and `values`.
 */
export type Database = {
  get(read: Read): Promise<Item | undefined>
  put(put: Put): Promise<Written>
  update(update: Update): Promise<Written>
  delete(deletion: Deletion): Promise<Written>
  /** Page by page, so that who has seen enough reads no further. */
  query(query: Query): AsyncIterable<readonly Item[]>
  scan(scan: Scan): AsyncIterable<readonly Item[]>
  /** The same, of items in the table's own form, which takes less for a million of them. */
  rawScan(scan: Scan): AsyncIterable<readonly RawItem[]>
  /**
   * The items with these keys, as they are now and in no order; those that don't exist are left
   * out. No key may stand there twice.
   * @throws when keys are left unread again and again.
   */
  getSome(table: string, keys: readonly Key[]): Promise<readonly Item[]>
  /**
   * Writes items, each in the place of the one with its key. No key may stand there twice.
   * @throws when items are left unwritten again and again; others are written by then.
   */
  putSome(table: string, items: readonly Fields[]): Promise<void>
  /**
   * Writes all or nothing, a hundred items at most. Busy when others were in the way: the same may
   * be done a moment later. Else the conditions that did not hold.
   */
  transact(writes: readonly Write[]): Promise<'done' | 'busy' | readonly Refusal[]>
}

export type Value =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly Value[]
  | { readonly [name: string]: Value | undefined }

/** What is undefined is left out. */
export type Fields = Readonly<Record<string, Value | undefined>>

/** What is read is not known until somebody has checked it. */
export type Item = Readonly<Record<string, unknown>>

export type Key = Readonly<Record<string, string>>

/** A value under the letter of its kind, as in `{ N: '1' }`. Binary ones are bytes or Base64. */
export type RawValue = Readonly<Record<string, unknown>>
export type RawItem = Readonly<Record<string, RawValue>>

type Expressed = {
  readonly names?: Readonly<Record<string, string>> | undefined
  readonly values?: Fields | undefined
}

/** `showsFound` asks for the item that a condition did not hold on. */
export type Conditional = Expressed & {
  readonly condition?: string | undefined
  readonly showsFound?: boolean | undefined
}

/** `isCurrent`: as it is now; else it may be as it was a moment ago, for half the units. */
export type Read = { readonly table: string; readonly key: Key; readonly isCurrent?: boolean }

export type Put = Conditional & { readonly table: string; readonly item: Fields }

/** `showsWritten` asks for the attributes that were set, as they are afterwards. */
export type Update = Conditional & {
  readonly table: string
  readonly key: Key
  readonly update: string
  readonly showsWritten?: boolean
}

/** `showsDeleted` asks for the item that was there. */
export type Deletion = Conditional & {
  readonly table: string
  readonly key: Key
  readonly showsDeleted?: boolean
}

export type Presence = Conditional & { readonly table: string; readonly key: Key }

/**
 * What came of a write. Its condition did not hold when it is not written. Items are shown only
 * where they were asked for.
 */
export type Written =
  | { readonly isWritten: true; readonly item: Item | undefined }
  | { readonly isWritten: false; readonly found: Item | undefined }

/** One item's part in a transaction. */
export type Write =
  | { readonly put: Put }
  | { readonly update: Update }
  | { readonly delete: Deletion }
  | { readonly check: Presence }

/** Which part of a transaction was refused, and what was found there, where it was asked for. */
export type Refusal = { readonly index: number; readonly found: Item | undefined }

type Reading = Expressed & {
  readonly table: string
  readonly filter?: string
  readonly isCurrent?: boolean
}

/** `limit` ends the query after so many items; what the filter leaves out does not count. */
export type Query = Reading & {
  readonly where: string
  readonly isBackwards?: boolean
  readonly limit?: number
}

/** `tries` is how often a page that fails is asked for. */
export type Scan = Reading & {
  readonly fields?: string
  readonly segment?: { readonly index: number; readonly count: number }
  readonly tries?: number
}
