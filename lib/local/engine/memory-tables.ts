import type { DynamoDBRecord } from 'aws-lambda'
import { batchGet, type BatchGet, type BatchWrite, planBatchWrite } from './batches.ts'
import { conditionalCheckFailed, noTable, unknownToModel } from './failures.ts'
import { keyOf } from './keys.ts'
import { queryTable, type QueryInput, scanTable, type ScanInput } from './reads.ts'
import { type Change, type Staleness, Table, type TableShape } from './table.ts'
import { planTransaction, type Transaction } from './transactions.ts'
import { type OnUse, readUnits, writeUnits } from './usage.ts'
import { itemBytes, type StoredItem } from './values.ts'
import {
  type Keyed,
  type WriteResult,
  planDelete,
  planPut,
  planUpdate,
  type PutInput,
  type UpdateInput,
  type PlannedWrite,
} from './writes.ts'

export type ModelOptions = {
  /** The most items on a page of a query or scan. */
  readonly pageSize?: number
  /** The clock that dates the records of streams, and by which reads are stale. */
  readonly now?: () => number
  readonly staleness?: Staleness
  /** Keeps changes before they are made. When it throws, none of them is made. */
  readonly keep?: (changes: readonly Change[]) => void
  readonly onUse?: OnUse
}

type Planned = { readonly write: PlannedWrite; readonly outcome: WriteResult }

/** A write in a transaction costs twice. */
const TRANSACTION_FACTOR = 2

type Addressed = { readonly TableName: string | undefined }
type Answering = Addressed & {
  readonly ReturnValues?: string | undefined
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined
}
type Get = Keyed & Addressed & { readonly ConsistentRead?: boolean | undefined }

const expressions = ['ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues']
const answering = [
  'TableName',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
  ...expressions,
]
const paged = [
  'TableName',
  'ConsistentRead',
  'ExclusiveStartKey',
  'Limit',
  'FilterExpression',
  ...expressions.slice(1),
]

/** The parameters of each operation that the model knows; DynamoDB has more. */
const parameters = new Map(
  Object.entries({
    GetItem: new Set(['TableName', 'Key', 'ConsistentRead']),
    BatchGetItem: new Set(['RequestItems']),
    Query: new Set([...paged, 'KeyConditionExpression', 'ScanIndexForward']),
    Scan: new Set([...paged, 'ProjectionExpression', 'Segment', 'TotalSegments']),
    PutItem: new Set([...answering, 'Item']),
    UpdateItem: new Set([...answering, 'Key', 'UpdateExpression']),
    DeleteItem: new Set([...answering, 'Key']),
    BatchWriteItem: new Set(['RequestItems']),
    TransactWriteItems: new Set(['TransactItems', 'ClientRequestToken']),
  }),
)

/** DynamoDB's tables and streams in memory, as far as this program uses DynamoDB. */
export class MemoryTables {
  readonly #tables = new Map<string, Table>()
  readonly #options: ModelOptions
  readonly #pageSize: number
  readonly #doneTokens = new Set<string>()

  constructor(shapes: readonly TableShape[], options: ModelOptions = {}) {
    this.#options = options
    this.#pageSize = options.pageSize ?? Infinity
    for (const shape of shapes) this.create(shape)
  }

  create(shape: TableShape): Table {
    const { now = () => 0, staleness } = this.#options
    const table = new Table(shape, { now, staleness })
    this.#tables.set(shape.name, table)
    return table
  }

  /** @throws ResourceNotFoundException when there is no such table */
  table(name: string | undefined): Table {
    const table = this.#tables.get(name ?? '')
    if (table === undefined) throw noTable()
    return table
  }

  /**
   * Executes one operation. The answer can't be changed.
   * @param operation such as `UpdateItem`
   * @param input in the shape of the SDK's command; the answer has the shape of its output
   * @throws the SDK's exceptions, where DynamoDB would; an Error for what the model does not know
   */
  execute(operation: string, input: object): object {
    const known = parameters.get(operation)
    if (known === undefined) throw unknownToModel(operation)
    for (const name in input) {
      if (!known.has(name) && (input as Record<string, unknown>)[name] !== undefined)
        throw unknownToModel(`${name} of ${operation}`)
    }
    return this.#run(operation, input)
  }

  /** All records of a table's stream so far, in order. */
  stream(table: string): readonly DynamoDBRecord[] {
    return this.table(table).records
  }

  /** All items of a table as they are now, in the order of a scan. */
  items(table: string): readonly StoredItem[] {
    return this.table(table).rows.flatMap(({ item }) => (item === undefined ? [] : [item]))
  }

  #run(operation: string, input: object): object {
    switch (operation) {
      case 'GetItem':
        return this.#get(input as Get)
      case 'BatchGetItem':
        return batchGet((name) => this.table(name), input as BatchGet, this.#options.onUse)
      case 'Query':
        return queryTable(
          this.table((input as QueryInput & Addressed).TableName),
          input,
          this.#paging,
        )
      case 'Scan':
        return scanTable(
          this.table((input as ScanInput & Addressed).TableName),
          input,
          this.#paging,
        )
      case 'PutItem':
        return this.#write(input as Answering, (table) => planPut(table, input as PutInput))
      case 'UpdateItem':
        return this.#write(input as Answering, (table) => planUpdate(table, input as UpdateInput))
      case 'DeleteItem':
        return this.#write(input as Answering, (table) => planDelete(table, input as Keyed))
      case 'BatchWriteItem':
        return this.#writeBatch(input as BatchWrite)
      default:
        return this.#transact(input as Transaction)
    }
  }

  get #paging() {
    return { pageSize: this.#pageSize, onUse: this.#options.onUse }
  }

  #get({ TableName, Key, ConsistentRead = false }: Get): object {
    const table = this.table(TableName)
    const item = table.seeAt(keyOf(table.shape, Key), ConsistentRead)
    this.#options.onUse?.(table.shape.name, readUnits(itemBytes(item ?? {}), ConsistentRead))
    return item === undefined ? {} : { Item: item }
  }

  #write(input: Answering, plan: (table: Table) => PlannedWrite): object {
    const write = plan(this.table(input.TableName))
    if (!write.isAllowed)
      throw conditionalCheckFailed(
        input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? write.before : undefined,
      )
    const outcome = write.after()
    this.#commit([{ write, outcome }], 1)
    const Attributes = attributesOf(input.ReturnValues, write, outcome)
    return Attributes === undefined || Object.keys(Attributes).length === 0 ? {} : { Attributes }
  }

  #writeBatch(input: BatchWrite): object {
    const writes = planBatchWrite((name) => this.table(name), input)
    this.#commit(
      writes.map((write) => ({ write, outcome: write.after() })),
      1,
    )
    return { UnprocessedItems: {} }
  }

  /** A transaction whose token came before is not done again. */
  #transact(input: Transaction): object {
    const { ClientRequestToken: token } = input
    if (token !== undefined && this.#doneTokens.has(token)) return {}
    this.#commit(
      planTransaction((name) => this.table(name), input),
      TRANSACTION_FACTOR,
    )
    if (token !== undefined) this.#doneTokens.add(token)
    return {}
  }

  #commit(writes: readonly Planned[], factor: number): void {
    const { keep, onUse } = this.#options
    const changes = writes.flatMap(
      ({ write, outcome }) => write.table.changeTo(write.key, outcome.item) ?? [],
    )
    keep?.(changes)
    for (const change of changes) change.table.make(change)
    if (onUse === undefined) return
    for (const { write, outcome } of writes)
      onUse(write.table.shape.name, writeUnits(write.before, outcome.item) * factor)
  }
}

function attributesOf(
  asked: string | undefined,
  { before }: PlannedWrite,
  { item, touched }: WriteResult,
): StoredItem | undefined {
  switch (asked) {
    case undefined:
    case 'NONE':
      return undefined
    case 'ALL_OLD':
      return before
    case 'ALL_NEW':
      return item
    case 'UPDATED_NEW':
      return picked(item, touched)
    default:
      throw unknownToModel(`ReturnValues ${asked}`)
  }
}

function picked(item: StoredItem | undefined, names: readonly string[]): StoredItem {
  const some: StoredItem = {}
  for (const name of names) {
    const value = item?.[name]
    if (value !== undefined) some[name] = value
  }
  return some
}
