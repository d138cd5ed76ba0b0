import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { createHash } from 'node:crypto'
import { type Flip, flipId } from '../domain/flip.ts'
import { burstEntry } from './keys.ts'

const MINUTE_MS = 60_000
const KEPT_SECONDS = 3600

const admissible = {
  isFirst: 'attribute_not_exists(#flips)',
  isAdmitted: 'contains(#flips, :id)',
  hasRoom: 'size(#flips) < :most',
}

/** How many alerts of a project go out singly: so many in each minute of the clock, and a flip that comes again is none more. */
export class Bursts {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /** Whether a flip is among the first of its project in this minute. One write unit, whatever the answer. */
  async admits(projectId: string, flip: Flip, { now, most }: { readonly now: number; readonly most: number }): Promise<boolean> {
    const id = shortIdOf(flip)
    const values = { ':id': id, ':ids': new Set([id]), ':most': most, ':expiresAt': Math.floor(now / 1000) + KEPT_SECONDS }
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: marshall({ check: projectId, entry: burstEntry(Math.floor(now / MINUTE_MS)) }),
          UpdateExpression: 'SET #expiresAt = :expiresAt ADD #flips :ids',
          ConditionExpression: Object.values(admissible).join(' OR '),
          ExpressionAttributeNames: { '#flips': 'flips', '#expiresAt': 'expiresAt' },
          ExpressionAttributeValues: marshall(values),
        }),
      )
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }
}

/** Eleven characters, so that the item stays small: two flips that shared them would share a place, and no more. */
function shortIdOf(flip: Flip): string {
  return createHash('sha256').update(flipId(flip)).digest().subarray(0, 8).toString('base64url')
}
