import type { Fields, Item } from '../runtime/database.ts'

/** Calls DynamoDB. Input and output have the shape of its API. */
export type DatabaseCall = (operation: DatabaseOperation, input: object) => Promise<object>

export type DatabaseOperation =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'TransactWriteItems'
  | 'UpdateItem'

/**
 * How items go in and come out: plain where the call translates them, else as DynamoDB has them.
 */
export type ItemForm = {
  readonly write: (fields: Fields) => object
  readonly read: (item: object) => Item
}
