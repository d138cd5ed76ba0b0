import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { createHash } from 'node:crypto'
import { type Flip, flipId } from '../../domain/watching/flip.ts'
import { expiryAfter } from '../items/expiry.ts'
import { burstEntry } from '../keys.ts'

const MINUTE_MS = 60_000
const KEPT_DAYS = 1

const admissible = {
  isNew: 'attribute_not_exists(#flip)',
  hasRoom: '(attribute_not_exists(#count) OR #count < :most)',
}

/**
 * How many alerts of a project go out singly: so many in each minute of the clock, and a flip that
 * comes again is none more.
 */
export class Bursts {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /**
   * Whether a flip is among the first of its project in this minute. One write unit, whatever the
   * answer.
   */
  async admits(
    projectId: string,
    flip: Flip,
    { now, most }: { readonly now: number; readonly most: number },
  ): Promise<boolean> {
    const id = shortIdOf(flip)
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: marshall({ check: projectId, entry: burstEntry(Math.floor(now / MINUTE_MS)) }),
          UpdateExpression: 'SET #flip = :one, #expiresAt = :expiresAt ADD #count :one',
          ConditionExpression: Object.values(admissible).join(' AND '),
          ExpressionAttributeNames: { '#flip': id, '#count': 'count', '#expiresAt': 'expiresAt' },
          ExpressionAttributeValues: marshall({
            ':one': 1,
            ':most': most,
            ':expiresAt': expiryAfter(KEPT_DAYS, now),
          }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      return true
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return error.Item?.[id] !== undefined
    }
  }
}

/**
 * The name of an attribute, short so that the item stays small: two flips that shared one would
 * share a place, and no more.
 */
function shortIdOf(flip: Flip): string {
  return createHash('sha256').update(flipId(flip)).digest().subarray(0, 8).toString('base64url')
}
