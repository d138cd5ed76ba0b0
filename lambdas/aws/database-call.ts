import type { Fields, Item } from '../runtime/database.ts'

/** What DynamoDB is asked by, in the shape of its API; what comes back has it, too. */
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
 * How items come and go: plain, where the call makes them DynamoDB's; else as DynamoDB has them.
 */
export type ItemForm = {
  readonly write: (fields: Fields) => object
  readonly read: (item: object) => Item
}
