import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { DynamoDBClient, TransactionConflictException } from '@aws-sdk/client-dynamodb'
import { SQSClient } from '@aws-sdk/client-sqs'

/** How long a call may take before it is tried again, or fails. */
export type CallLimits = { readonly connectionTimeoutMs: number; readonly requestTimeoutMs: number; readonly maxAttempts: number }

/** Few and short tries, so that whoever waits for an answer gets one within seconds. */
const usual: CallLimits = { connectionTimeoutMs: 1000, requestTimeoutMs: 2000, maxAttempts: 3 }

/**
 * What makes an SDK client keep its limits. Without `throwOnRequestTimeout` it only logs that a request has taken too long and goes on
 * waiting, as for a connection that died while the function was frozen.
 */
export function boundedCalls(limits: CallLimits) {
  const { connectionTimeoutMs: connectionTimeout, requestTimeoutMs: requestTimeout, maxAttempts } = limits
  return { maxAttempts, requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true } }
}

/** It tries again, too, where a transaction was in the way: DynamoDB calls that the caller's fault, though it passes by itself. */
export function makeDynamoClient(limits: CallLimits = usual): DynamoDBClient {
  const client = new DynamoDBClient(boundedCalls(limits))
  client.middlewareStack.add(
    (next) => async (call) => {
      try {
        return await next(call)
      } catch (error) {
        throw error instanceof TransactionConflictException ? Object.assign(error, { $retryable: {} }) : error
      }
    },
    { name: 'retryConflicts', step: 'finalizeRequest', priority: 'low' },
  )
  return client
}

/**
 * A client for who reads much, and no binary values. Without those, an answer of DynamoDB is JSON of the very shape that the SDK makes of it
 * piece by piece, and it is taken as it is. Nor does the SDK's log get it, which copies each answer and then drops it. Together that is most
 * of what a page of a scan takes.
 */
export function makeScanClient(limits?: CallLimits): DynamoDBClient {
  const client = makeDynamoClient(limits)
  client.middlewareStack.remove('loggerMiddleware')
  const protocol = client.config.protocol as unknown as Protocol
  const usualWay = protocol.deserializeResponse.bind(protocol)
  protocol.deserializeResponse = async (operation, context, response) => {
    if (response.statusCode !== 200) return usualWay(operation, context, response)
    return { ...(JSON.parse(await text(response.body)) as object), $metadata: { httpStatusCode: response.statusCode } }
  }
  return client
}

/** The part of the SDK's protocol that answers go through. */
type Protocol = {
  deserializeResponse: (operation: unknown, context: unknown, response: Response) => Promise<unknown>
}
type Response = { readonly statusCode: number; readonly body: Readable }

export function makeQueueClient(limits: CallLimits = usual): SQSClient {
  return new SQSClient(boundedCalls(limits))
}
