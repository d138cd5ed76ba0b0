import { DynamoDBClient, TransactionConflictException } from '@aws-sdk/client-dynamodb'
import { SQSClient } from '@aws-sdk/client-sqs'

/** How long a call may take before it is tried again, or fails. */
export type CallLimits = { readonly connectionTimeoutMs: number; readonly requestTimeoutMs: number; readonly maxAttempts: number }

/** Few and short tries, so that whoever waits for an answer gets one within seconds. */
const usual: CallLimits = { connectionTimeoutMs: 1000, requestTimeoutMs: 2000, maxAttempts: 3 }

/**
 * What makes an SDK client keep its limits. Without `throwOnRequestTimeout` it only logs that a request has taken too long and goes on
 * waiting, as for a connection that died while the function was frozen. What stands in its place counts connecting as part of the request.
 */
export function boundedCalls(limits: CallLimits) {
  const { connectionTimeoutMs: connectionTimeout, requestTimeoutMs: requestTimeout, maxAttempts } = limits
  return { maxAttempts, requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true } }
}

export function makeDynamoClient(limits: CallLimits = usual): DynamoDBClient {
  const client = new DynamoDBClient(boundedCalls(limits))
  retryConflicts(client)
  return client
}

/**
 * Has calls tried again, too, where a transaction was in the way: DynamoDB calls that the caller's fault, though it passes by itself. The
 * SDK has to be told; what stands in its place (docs/decisions/0017) does so anyway.
 */
function retryConflicts({ middlewareStack }: Partial<Pick<DynamoDBClient, 'middlewareStack'>>): void {
  middlewareStack?.add(
    (next) => async (call) => {
      try {
        return await next(call)
      } catch (error) {
        throw error instanceof TransactionConflictException ? Object.assign(error, { $retryable: {} }) : error
      }
    },
    { name: 'retryConflicts', step: 'finalizeRequest', priority: 'low' },
  )
}

/**
 * Connects ahead of the first call, which takes longer than the call, where the client can: the lean one
 * (docs/decisions/0017). For the time in which a function is loaded, which has all of a processor. Never fails.
 * @param meanwhile what there is to do while the other end is awaited
 */
export async function connect(client: DynamoDBClient & Partial<Connecting>, meanwhile: () => Promise<unknown>): Promise<void> {
  await client.connect?.(meanwhile)
}

type Connecting = { readonly connect: (meanwhile: () => Promise<unknown>) => Promise<void> }

export function makeQueueClient(limits: CallLimits = usual): SQSClient {
  return new SQSClient(boundedCalls(limits))
}
