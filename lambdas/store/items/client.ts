import { DynamoDBClient, TransactionConflictException } from '@aws-sdk/client-dynamodb'
import { SQSClient } from '@aws-sdk/client-sqs'
import { boundedCalls, type CallLimits, usualLimits } from '../../runtime/bounded-calls.ts'

export function makeDynamoClient(limits: CallLimits = usualLimits): DynamoDBClient {
  const client = new DynamoDBClient(boundedCalls(limits))
  retryConflicts(client)
  return client
}

/**
 * Has calls tried again, too, where a transaction was in the way: DynamoDB calls that the caller's
 * fault, though it passes by itself. The SDK has to be told; what stands in its place
 * (docs/decisions/0017) does so anyway.
 */
function retryConflicts({
  middlewareStack,
}: Partial<Pick<DynamoDBClient, 'middlewareStack'>>): void {
  middlewareStack?.add(
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

/**
 * Connects ahead of the first call, which takes longer than the call, where the client can: the
 * lean one (docs/decisions/0017). For the time in which a function is loaded, which has all of a
 * processor. Never fails.
 * @param meanwhile what there is to do while the other end is awaited
 */
export async function connect(
  client: DynamoDBClient & Partial<Connecting>,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  await client.connect?.(meanwhile)
}

type Connecting = { readonly connect: (meanwhile: () => Promise<unknown>) => Promise<void> }

export function makeQueueClient(limits: CallLimits = usualLimits): SQSClient {
  return new SQSClient(boundedCalls(limits))
}
