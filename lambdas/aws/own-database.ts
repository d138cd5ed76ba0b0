import type { Database } from '../runtime/database.ts'
import { random } from '../runtime/random.ts'
import { marshalled, unmarshalled } from './attribute-value.ts'
import { makeDatabase } from './database.ts'
import type { DatabaseCall, ItemForm } from './database-call.ts'
import { type ClientSettings, Service } from './service.ts'
import { ServiceError } from './service-error.ts'

/**
 * The tables by calls of our own, for functions that somebody waits for (docs/decisions/0017).
 */
export function makeOwnDatabase(settings: ClientSettings = {}): Database & Connecting {
  const service = new Service('dynamodb', settings)
  return {
    ...makeDatabase(callOf(service), rawForm),
    connect: (meanwhile) => service.connect(meanwhile),
  }
}

/**
 * Opens a connection ahead of the first call, and does something else while it waits. Never fails.
 */
export type Connecting = { connect(meanwhile: () => Promise<unknown>): Promise<void> }

/** Items as DynamoDB has them. */
export const rawForm = { write: marshalled, read: unmarshalled as ItemForm['read'] }

function callOf(service: Service): DatabaseCall {
  return async (operation, input) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    }
    const body = JSON.stringify(withToken(operation, input), binaryAsText)
    try {
      return await service.call({ path: '/', headers, body }, ({ text }) => parsed(text))
    } catch (error) {
      throw error instanceof ServiceError ? withItems(error) : error
    }
  }
}

/** Has a token, so that a transaction whose answer was lost is not refused by its own first try. */
function withToken(operation: string, input: object): object {
  return operation === 'TransactWriteItems'
    ? { ClientRequestToken: random.uuid(), ...input }
    : input
}

/** What DynamoDB tells of the items that it refuses to write. */
function withItems(error: ServiceError): ServiceError {
  const isRefusal =
    error.name === 'ConditionalCheckFailedException' ||
    error.name === 'TransactionCanceledException'
  if (!isRefusal) return error
  const { Item, CancellationReasons } = parsed(error.text) as Readonly<Record<string, unknown>>
  return Object.assign(error, { Item, CancellationReasons })
}

function parsed(text: string): object {
  const answer: unknown = JSON.parse(text)
  if (typeof answer !== 'object' || answer === null) throw new Error('the answer is no object')
  return answer
}

/**
 * Writes binary values as Base64. The replacer looks at what holds them, since JSON has already
 * turned a buffer by itself into an object.
 */
function binaryAsText(_: string, value: unknown): unknown {
  const { B } = (value ?? {}) as { readonly B?: unknown }
  return B instanceof Uint8Array ? { B: Buffer.from(B).toString('base64') } : value
}
