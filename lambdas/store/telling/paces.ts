import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod'
import { type Flip, flipKey } from '../../domain/watching/flip.ts'
import { isHeld, type Pace, unhurried, withAlert } from '../../domain/telling/pace.ts'
import { expiryAfter } from '../items/expiry.ts'
import { paceEntry } from '../keys.ts'

const KEPT_DAYS = 1
/**
 * Each try that fails means that another alert of the same check got through: ten come at once, and
 * few functions run side by side.
 */
const MOST_TRIES = 50

const shape: z.ZodType<Pace> = z.object({
  alerts: z.array(z.object({ key: z.string(), at: z.number(), isHeld: z.boolean() })),
  heldUntil: z.number(),
})

type Item = Readonly<Record<string, AttributeValue>> | undefined

/** How fast the alerts of checks come: one small item for each check that has had any of late. */
export class Paces {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /**
   * Counts an alert, once however often it comes. Answers with whether it waits for the digest of
   * the hour. A read and a write.
   * @throws when others write all the time.
   */
  async holds(flip: Flip, now: number): Promise<boolean> {
    const key = flipKey(flip)
    const Key = marshall({ check: flip.checkId, entry: paceEntry })
    let { Item: seen }: { Item?: Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key }),
    )
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const known = paceIn(seen)
      const next = withAlert(known, key, now)
      if (next === known) return isHeld(known, key)
      const found = await this.#replace(Key, seen, { next, now })
      if (found === 'replaced') return isHeld(next, key)
      seen = found.item
    }
    throw new Error(`the pace of check ${flip.checkId} changes too fast`)
  }

  /** On condition that the pace is the one that was seen. */
  async #replace(
    Key: Record<string, AttributeValue>,
    seen: Item,
    { next, now }: { readonly next: Pace; readonly now: number },
  ): Promise<'replaced' | { readonly item: Item }> {
    const write = new UpdateItemCommand({
      TableName: this.#table,
      Key,
      UpdateExpression: 'SET #pace = :next, #expiresAt = :expiresAt',
      ConditionExpression: seen === undefined ? 'attribute_not_exists(#pace)' : '#pace = :seen',
      ExpressionAttributeNames: { '#pace': 'pace', '#expiresAt': 'expiresAt' },
      ExpressionAttributeValues: {
        ...marshall({ ':next': next, ':expiresAt': expiryAfter(KEPT_DAYS, now) }),
        ...(seen?.['pace'] === undefined ? {} : { ':seen': seen['pace'] }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    try {
      await this.#client.send(write)
      return 'replaced'
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return { item: error.Item }
    }
  }
}

/** What can't be read counts as nothing, and is written anew: an alert is told rather than not. */
function paceIn(item: Item): Pace {
  return item === undefined
    ? unhurried
    : (shape.safeParse(unmarshall(item)['pace']).data ?? unhurried)
}
