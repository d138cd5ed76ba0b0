import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod'
import type { KeptTally, SignedTag } from '../../domain/people/badge.ts'
import { isWritten } from '../items/conditional.ts'
import { expiryAfter, hasExpired } from '../items/expiry.ts'
import { tallyKey } from '../keys.ts'

const KEPT_DAYS = 1
/** As long as the API may take for an answer: who has not counted by then never will. */
const CLAIM_MS = 30_000

const shape = z.object({
  tally: z.object({ total: z.number(), grace: z.number(), down: z.number() }),
  countedAt: z.number(),
  freshUntil: z.number(),
}) satisfies z.ZodType<KeptTally>

/**
 * What badges of large projects show, counted once for all who look. They lie among the lookups, as
 * their readers have no key either.
 */
export class Tallies {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /**
   * The tally as it was a moment ago, which may be too old; undefined when there is none that can
   * be read.
   */
  async read(badge: SignedTag, now: number): Promise<KeptTally | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: marshall(tallyKey(badge)) }),
    )
    return Item === undefined || hasExpired(Item, now)
      ? undefined
      : shape.safeParse(unmarshall(Item)).data
  }

  /**
   * Whether the caller is the one who counts: true for one of all who ask while the tally is too
   * old.
   */
  async claim(badge: SignedTag, now: number): Promise<boolean> {
    const write = new UpdateItemCommand({
      TableName: this.#table,
      Key: marshall(tallyKey(badge)),
      UpdateExpression: 'SET claimedAt = :now, expiresAt = :expiresAt',
      ConditionExpression:
        '(attribute_not_exists(freshUntil) OR freshUntil <= :now) AND (attribute_not_exists(claimedAt) OR claimedAt <= :given)',
      ExpressionAttributeValues: marshall({
        ':now': now,
        ':given': now - CLAIM_MS,
        ':expiresAt': expiryAfter(KEPT_DAYS, now),
      }),
    })
    return isWritten(this.#client.send(write))
  }

  /** Ends the claim, too. */
  async keep(badge: SignedTag, kept: KeptTally): Promise<void> {
    const Item = marshall({
      ...tallyKey(badge),
      ...kept,
      expiresAt: expiryAfter(KEPT_DAYS, kept.countedAt),
    })
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }))
  }
}
