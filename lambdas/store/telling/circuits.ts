import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { circuitPauseMs, isOpen } from '../../domain/telling/circuit.ts'
import { isWritten } from '../items/conditional.ts'
import { outcomeEntry } from '../keys.ts'

/**
 * Whether channels may be called: what fails again and again must not keep everything else waiting.
 */
export class Circuits {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /**
   * One look while a channel does well. While it fails, one caller a minute is told that it may.
   */
  async mayCall(channelId: string, now: number): Promise<boolean> {
    const Key = marshall({ check: channelId, entry: outcomeEntry })
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key }))
    if (!isOpen({ failures: Number(Item?.['failures']?.N ?? 0) })) return true
    const call = new UpdateItemCommand({
      TableName: this.#table,
      Key,
      UpdateExpression: 'SET #calledAt = :now',
      ConditionExpression:
        'attribute_exists(#entry) AND (attribute_not_exists(#calledAt) OR #calledAt <= :then)',
      ExpressionAttributeNames: { '#calledAt': 'calledAt', '#entry': 'entry' },
      ExpressionAttributeValues: marshall({ ':now': now, ':then': now - circuitPauseMs }),
    })
    return isWritten(this.#client.send(call))
  }
}
