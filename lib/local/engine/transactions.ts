import type { CancellationReason } from '@aws-sdk/client-dynamodb'
import { checkDistinctWrites } from './batches.ts'
import { conditionFailed, invalid, transactionCanceled, unknownToModel } from './failures.ts'
import type { Table } from './table.ts'
import {
  type Keyed,
  type WriteResult,
  planCheck,
  planDelete,
  planPut,
  planUpdate,
  type PutInput,
  type UpdateInput,
  type PlannedWrite,
} from './writes.ts'

type Addressed = {
  readonly TableName: string | undefined
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined
}
type Part = {
  readonly Put?: PutInput & Addressed
  readonly Update?: UpdateInput & Addressed
  readonly Delete?: Keyed & Addressed
  readonly ConditionCheck?: Keyed & Addressed
}
export type Transaction = {
  readonly TransactItems: readonly Part[] | undefined
  readonly ClientRequestToken?: string | undefined
}

const MOST_PARTS = 100

/**
 * The writes of a transaction, with their results.
 * @throws as DynamoDB does when the condition of one does not hold
 */
export function planTransaction(
  tableOf: (name: string | undefined) => Table,
  { TransactItems = [] }: Transaction,
) {
  if (TransactItems.length < 1 || TransactItems.length > MOST_PARTS) {
    const bound = `Member must have length less than or equal to ${MOST_PARTS}`
    throw invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: ${bound}`,
    )
  }
  const writes = TransactItems.map((part) => planPart(tableOf, part))
  checkDistinctWrites(writes, 'Transaction request cannot include multiple operations on one item')
  const results = writes.map((write, index) => resultOf(write, TransactItems[index]))
  if (results.some((result) => 'reason' in result && result.reason.Code !== 'None')) {
    throw transactionCanceled(results.map(({ reason }) => reason))
  }
  return results.flatMap(({ write, outcome }) =>
    outcome === undefined ? [] : [{ write, outcome }],
  )
}

function planPart(tableOf: (name: string | undefined) => Table, part: Part): PlannedWrite {
  if (part.Put !== undefined) return planPut(tableOf(part.Put.TableName), part.Put)
  if (part.Update !== undefined) return planUpdate(tableOf(part.Update.TableName), part.Update)
  if (part.Delete !== undefined) return planDelete(tableOf(part.Delete.TableName), part.Delete)
  if (part.ConditionCheck !== undefined)
    return planCheck(tableOf(part.ConditionCheck.TableName), part.ConditionCheck)
  throw unknownToModel(`the part ${Object.keys(part).join()} of a transaction`)
}

type Result = {
  readonly write: PlannedWrite
  readonly reason: CancellationReason
  readonly outcome?: WriteResult
}

function resultOf(write: PlannedWrite, part: Part | undefined): Result {
  const asked = Object.values(part ?? {})[0]?.ReturnValuesOnConditionCheckFailure === 'ALL_OLD'
  const Item = asked ? write.before : undefined
  if (!write.isAllowed) {
    return {
      write,
      reason: {
        Code: 'ConditionalCheckFailed',
        Message: conditionFailed,
        ...(Item === undefined ? {} : { Item }),
      },
    }
  }
  try {
    return { write, reason: { Code: 'None' }, outcome: write.after() }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error
    return { write, reason: { Code: 'ValidationError', Message: error.message } }
  }
}
