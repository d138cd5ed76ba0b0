import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type CallLimits, makeDynamoClient } from './client.ts'

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
