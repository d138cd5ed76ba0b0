import {
  DynamoDBClient,
  type DynamoDBClientConfig,
  ScanCommand,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand as ScanDocumentsCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { boundedCalls, usualLimits } from '../runtime/bounded-calls.ts'
import type { Database, Item } from '../runtime/database.ts'
import { makeDatabase } from './database.ts'
import type { DatabaseCall, DatabaseOperation } from './database-call.ts'

/** The tables by the SDK, for what nobody waits for (docs/decisions/0017). */
export function makeSdkDatabase(settings: DynamoDBClientConfig = {}): Database {
  const client = new DynamoDBClient({ ...boundedCalls(usualLimits), ...settings })
  retryConflicts(client)
  // A map whose keys come from a request, such as a webhook's headers, may have a key
  // `constructor`, by which the SDK takes it for an instance of a class.
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true, convertClassInstanceToMap: true },
  })
  const call: DatabaseCall = (operation, input) =>
    documents.send(new commands[operation](input as never))
  const rawCall: DatabaseCall = (_, input) => client.send(new ScanCommand(input as never))
  return makeDatabase(call, plainForm, rawCall)
}

const plainForm = { write: (fields: object) => fields, read: (item: object) => item as Item }

type Command = new (input: never) => Parameters<DynamoDBDocumentClient['send']>[0]

const commands = {
  BatchGetItem: BatchGetCommand,
  BatchWriteItem: BatchWriteCommand,
  DeleteItem: DeleteCommand,
  GetItem: GetCommand,
  PutItem: PutCommand,
  Query: QueryCommand,
  Scan: ScanDocumentsCommand,
  TransactWriteItems: TransactWriteCommand,
  UpdateItem: UpdateCommand,
} as const satisfies Record<DatabaseOperation, unknown> as Readonly<
  Record<DatabaseOperation, Command>
>

/**
 * Retries calls that a transaction was in the way of, too. DynamoDB calls that the caller's fault,
 * though it passes by itself.
 */
function retryConflicts({ middlewareStack }: DynamoDBClient): void {
  middlewareStack.add(
    (next) => async (call) => {
      try {
        return await next(call)
      } catch (error) {
        throw error instanceof TransactionConflictException
          ? Object.assign(error, { $retryable: {} })
          : error
      }
    },
    { name: 'retryConflicts', step: 'finalizeRequest', priority: 'low' },
  )
}
