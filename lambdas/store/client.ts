import { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** The client of a function. Its tries are few and short, so that whoever waits for an answer gets one within seconds. */
export function makeDynamoClient(): DynamoDBClient {
  return new DynamoDBClient({ maxAttempts: 3, requestHandler: { connectionTimeout: 1000, requestTimeout: 2000 } })
}
