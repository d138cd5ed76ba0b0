import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { update } from './update.ts'

const client = new DynamoDBClient()

/** The smallest function that writes what a ping writes, through the SDK's client. */
export async function handler(): Promise<void> {
  await client.send(new UpdateItemCommand(update))
}
