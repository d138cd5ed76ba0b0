import type {
  AttributeValue,
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  BatchWriteItemCommandInput,
  BatchWriteItemCommandOutput,
  CancellationReason,
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  PutItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  ScanCommandInput,
  ScanCommandOutput,
  TransactWriteItemsCommandInput,
  TransactWriteItemsCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb'
import { random } from '../runtime/random.ts'
import { type ClientSettings, Service } from './service.ts'
import { ServiceError } from './service-error.ts'

/**
 * DynamoDB as the stores use it, by the names that the SDK has for it: in the bundles of lean
 * functions, this stands in the SDK's place (docs/decisions/0017).
 */
export class DynamoDBClient {
  readonly #service: Service

  constructor(settings: ClientSettings = {}) {
    this.#service = new Service('dynamodb', settings)
  }

  /**
   * Opens a connection ahead of the first call, and does something else while it waits. Never
   * fails.
   */
  connect(meanwhile: () => Promise<unknown>): Promise<void> {
    return this.#service.connect(meanwhile)
  }

  /**
   * @throws what the SDK would throw where a store looks at it, else a ServiceError with the SDK's
   * name of the error.
   */
  async send<Output>(command: Command<object, Output>): Promise<Output> {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${command.operation}`,
    }
    const body = JSON.stringify(command.input, binaryAsText)
    try {
      return await this.#service.call({ path: '/', headers, body }, ({ text }) =>
        command.read(text),
      )
    } catch (error) {
      throw error instanceof ServiceError ? ownError(error) : error
    }
  }

  destroy(): void {
    // Idle connections keep no process alive.
  }
}

abstract class Command<Input extends object, Output> {
  abstract readonly operation: string
  readonly input: Input

  constructor(input: Input) {
    this.input = input
  }

  /** @throws when the text is no answer. */
  read(text: string): Output {
    return parsed(text) as Output
  }
}

type Answered<Output> = Omit<Output, '$metadata'>

export class BatchGetItemCommand extends Command<
  BatchGetItemCommandInput,
  Answered<BatchGetItemCommandOutput>
> {
  readonly operation = 'BatchGetItem'
}

export class BatchWriteItemCommand extends Command<
  BatchWriteItemCommandInput,
  Answered<BatchWriteItemCommandOutput>
> {
  readonly operation = 'BatchWriteItem'
}

export class DeleteItemCommand extends Command<
  DeleteItemCommandInput,
  Answered<DeleteItemCommandOutput>
> {
  readonly operation = 'DeleteItem'
}

export class GetItemCommand extends Command<GetItemCommandInput, Answered<GetItemCommandOutput>> {
  readonly operation = 'GetItem'
}

export class PutItemCommand extends Command<PutItemCommandInput, Answered<PutItemCommandOutput>> {
  readonly operation = 'PutItem'
}

export class QueryCommand extends Command<QueryCommandInput, Answered<QueryCommandOutput>> {
  readonly operation = 'Query'
}

export class ScanCommand extends Command<ScanCommandInput, Answered<ScanCommandOutput>> {
  readonly operation = 'Scan'
}

/**
 * With a token, so that a transaction whose answer was lost is not refused by its own first try.
 */
export class TransactWriteItemsCommand extends Command<
  TransactWriteItemsCommandInput,
  Answered<TransactWriteItemsCommandOutput>
> {
  readonly operation = 'TransactWriteItems'

  constructor(input: TransactWriteItemsCommandInput) {
    super({ ClientRequestToken: random.uuid(), ...input })
  }
}

export class UpdateItemCommand extends Command<
  UpdateItemCommandInput,
  Answered<UpdateItemCommandOutput>
> {
  readonly operation = 'UpdateItem'
}

type Paging = { readonly client: DynamoDBClient }

/** All pages of a query, one after another. */
export function paginateQuery({ client }: Paging, input: QueryCommandInput) {
  return pages((ExclusiveStartKey) =>
    client.send(new QueryCommand({ ...input, ExclusiveStartKey })),
  )
}

/** All pages of a scan, one after another. */
export function paginateScan({ client }: Paging, input: ScanCommandInput) {
  return pages((ExclusiveStartKey) => client.send(new ScanCommand({ ...input, ExclusiveStartKey })))
}

type Key = Record<string, AttributeValue> | undefined

async function* pages<Page extends { readonly LastEvaluatedKey?: Key }>(
  read: (start: Key) => Promise<Page>,
): AsyncGenerator<Page> {
  let start: Key
  do {
    const page = await read(start)
    yield page
    start = page.LastEvaluatedKey
  } while (start !== undefined)
}

export class ConditionalCheckFailedException extends Error {
  override readonly name = 'ConditionalCheckFailedException'
  readonly Item: Record<string, AttributeValue> | undefined

  constructor({
    message,
    Item,
  }: {
    readonly message: string
    readonly Item?: Record<string, AttributeValue>
  }) {
    super(message)
    this.Item = Item
  }
}

export class TransactionCanceledException extends Error {
  override readonly name = 'TransactionCanceledException'
  readonly CancellationReasons: readonly CancellationReason[] | undefined

  constructor({
    message,
    CancellationReasons,
  }: {
    readonly message: string
    readonly CancellationReasons?: readonly CancellationReason[]
  }) {
    super(message)
    this.CancellationReasons = CancellationReasons
  }
}

export class TransactionConflictException extends Error {
  override readonly name = 'TransactionConflictException'
}

function ownError(error: ServiceError): Error {
  switch (error.name) {
    case 'ConditionalCheckFailedException':
      return new ConditionalCheckFailedException({ ...parsed(error.text), message: error.message })
    case 'TransactionCanceledException':
      return new TransactionCanceledException({ ...parsed(error.text), message: error.message })
    case 'TransactionConflictException':
      return new TransactionConflictException(error.message)
    default:
      return error
  }
}

function parsed(text: string): object {
  // Few answers hold a binary value, and looking at each value of the others takes longer than all
  // the rest of reading them.
  const answer: unknown = text.includes('"B"') ? JSON.parse(text, textAsBinary) : JSON.parse(text)
  if (typeof answer !== 'object' || answer === null) throw new Error('the answer is no object')
  return answer
}

/** Binary values travel as Base64. Sets of them are not used, and not known here. */
function binaryAsText(_: string, value: unknown): unknown {
  const { B } = (value ?? {}) as { readonly B?: unknown }
  return B instanceof Uint8Array ? { B: Buffer.from(B).toString('base64') } : value
}

/**
 * What is text under `B` is a binary value: the attribute of an item that is called so holds a map.
 */
function textAsBinary(name: string, value: unknown): unknown {
  return name === 'B' && typeof value === 'string'
    ? new Uint8Array(Buffer.from(value, 'base64'))
    : value
}
