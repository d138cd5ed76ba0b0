import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Allowance } from '../../domain/telling/allowance.ts'
import { isWritten } from '../items/conditional.ts'
import { allowanceEntry } from '../keys.ts'

/**
 * How much of what all share was taken by one project. An item for each stretch of time, which ends
 * by itself.
 */
export class Allowances {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /**
   * Takes one of what a project may take in this stretch of the clock. One write unit, whatever the
   * answer.
   */
  async take(
    projectId: string,
    { name, most, perMs }: Allowance,
    now: number,
  ): Promise<'taken' | 'used up'> {
    const stretch = Math.floor(now / perMs)
    const update = new UpdateItemCommand({
      TableName: this.#table,
      Key: marshall({ check: projectId, entry: allowanceEntry(name, stretch) }),
      UpdateExpression: 'SET #expiresAt = :expiresAt ADD #count :one',
      ConditionExpression: 'attribute_not_exists(#count) OR #count < :most',
      ExpressionAttributeNames: { '#count': 'count', '#expiresAt': 'expiresAt' },
      ExpressionAttributeValues: marshall({
        ':one': 1,
        ':most': most,
        ':expiresAt': Math.ceil(((stretch + 1) * perMs) / 1000),
      }),
    })
    return (await isWritten(this.#client.send(update))) ? 'taken' : 'used up'
  }
}
