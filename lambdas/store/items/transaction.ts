import {
  type AttributeValue,
  type DynamoDBClient,
  TransactWriteItemsCommand,
  type TransactWriteItem,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import { backOff, type Seams } from '../../runtime/backoff.ts'

/**
 * A condition of a transaction that did not hold: which item of the transaction it stood on, and
 * what was found there.
 */
export type Refusal = {
  readonly index: number
  readonly found: Record<string, AttributeValue> | undefined
}

/** One item's part in a transaction, which its store makes and any other may carry. */
export type Write = TransactWriteItem

type Sender = Pick<DynamoDBClient, 'send'>

const TRIES = 10
const passing: readonly (string | undefined)[] = [
  'None',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]

/**
 * Writes all or nothing. Answers with the conditions that did not hold, none when all is written;
 * for `found`, items ask for ALL_OLD.
 * @throws when other transactions are in the way at every try.
 */
export async function transact(
  client: Sender,
  items: TransactWriteItem[],
  seams?: Seams,
): Promise<readonly Refusal[]> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: items }))
      return []
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error
      const refusals = refusalsOf(error)
      if (refusals.length > 0) return refusals
      if (attempt + 1 === TRIES || !isPassing(error)) throw error
    }
    await backOff(attempt, seams)
  }
}

function refusalsOf(error: TransactionCanceledException): readonly Refusal[] {
  const reasons = error.CancellationReasons ?? []
  return reasons.flatMap(({ Code, Item }, index) =>
    Code === 'ConditionalCheckFailed' ? [{ index, found: Item }] : [],
  )
}

/** Whether the same transaction may succeed a moment later. */
function isPassing(error: TransactionCanceledException): boolean {
  const reasons = error.CancellationReasons ?? []
  return reasons.length > 0 && reasons.every(({ Code }) => passing.includes(Code))
}
