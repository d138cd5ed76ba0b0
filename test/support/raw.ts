import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'

type Command = Parameters<DynamoDBClient['send']>[0]
type Output = Readonly<Record<string, unknown>>

/**
 * What came of a call: its answer without what it cost, or the error by name, with what DynamoDB
 * tells of the items.
 */
export type RawAnswer =
  Output | { readonly error: string; readonly found?: object; readonly reasons?: readonly string[] }

/** Sends a command as it is, and answers with what a caller can tell of it. */
export async function answerTo(client: DynamoDBClient, command: object): Promise<RawAnswer> {
  try {
    const {
      $metadata: _,
      ConsumedCapacity: __,
      ...output
    } = (await client.send(command as Command)) as unknown as Output
    return Object.fromEntries(Object.entries(output).filter(([, value]) => value !== undefined))
  } catch (error) {
    if (!(error instanceof DynamoDBServiceException)) throw error
    return told(error)
  }
}

function told(error: DynamoDBServiceException): RawAnswer {
  if (error instanceof ConditionalCheckFailedException && error.Item !== undefined)
    return { error: error.name, found: unmarshall(error.Item) }
  if (!(error instanceof TransactionCanceledException)) return { error: error.name }
  const reasons = error.CancellationReasons ?? []
  return {
    error: error.name,
    reasons: reasons.map(({ Code, Item }) =>
      Item === undefined ? (Code ?? '') : `${Code} ${JSON.stringify(unmarshall(Item))}`,
    ),
  }
}
