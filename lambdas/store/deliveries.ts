import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { z } from 'zod'
import { type Notice, noticeKey } from '../domain/notice.ts'
import { claimUpdate, type DeliveryUpdate, failureUpdate, names, sentUpdate, shownError } from './delivery-expressions.ts'
import { deliveryEntry, outcomeEntry } from './keys.ts'

/** `claimant` tells a claim from any other, so that one whose answer was lost can be made again. `leaseUntil` has to lie behind the end of the function that claims; `expiresAt` is in epoch seconds, the others in milliseconds. */
export type ClaimTerms = { readonly claimant: string; readonly now: number; readonly leaseUntil: number; readonly expiresAt: number }

/** Settled is a delivery that was sent, or refused for good. */
export type Claim = 'claimed' | 'settled' | { readonly leasedUntil: number }

/** `waiting` is to be tried again; the error is empty when there was none. */
export type ChannelOutcome = { readonly state: 'sent' | 'waiting' | 'failed'; readonly at: number; readonly error: string }

const outcomeShape: z.ZodType<ChannelOutcome> = z.object({
  state: z.enum(['sent', 'waiting', 'failed']),
  at: z.number(),
  error: z.string(),
})

const OUTCOME_SECONDS = 90 * 86_400

/** What became of deliveries: entries of the journal, one for each flip and channel, with every attempt that failed; and one for each channel. */
export class Deliveries {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /** What came of the last attempt to send to a channel. */
  async lastOutcome(channelId: string): Promise<ChannelOutcome | undefined> {
    const Key = marshall({ check: channelId, entry: outcomeEntry })
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }))
    return Item && outcomeShape.parse(unmarshall(Item))
  }

  /** Takes a delivery for as long as the lease runs, so that only one at a time sends it. */
  async claim(notice: Notice, terms: ClaimTerms): Promise<Claim> {
    try {
      await this.#update(notice, claimUpdate(terms))
      return 'claimed'
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return error.Item?.['state']?.S === 'sending' ? { leasedUntil: Number(error.Item['leaseUntil']?.N ?? 0) } : 'settled'
    }
  }

  /** Settles a delivery: its channel has taken it. */
  async markSent(notice: Notice, now: number): Promise<void> {
    await this.#update(notice, sentUpdate(now))
    await this.noteOutcome(notice.channel.id, { state: 'sent', at: now, error: '' })
  }

  /** Settles a delivery that no further attempt would get through. */
  async markFailed(notice: Notice, error: string, now: number): Promise<void> {
    await this.#noteFailure(notice, 'failed', { error, now })
  }

  /** Gives a delivery back after an attempt that failed, for the next one. */
  async release(notice: Notice, error: string, now: number): Promise<void> {
    await this.#noteFailure(notice, 'waiting', { error, now })
  }

  async #noteFailure(notice: Notice, state: 'failed' | 'waiting', failure: { readonly error: string; readonly now: number }) {
    await this.#update(notice, failureUpdate(state, failure.error, failure.now))
    await this.noteOutcome(notice.channel.id, { state, at: failure.now, error: shownError(failure.error) })
  }

  /** One write more a delivery, so that a channel can be asked how it does without a look at all checks. */
  async noteOutcome(channelId: string, outcome: ChannelOutcome): Promise<void> {
    const item = { check: channelId, entry: outcomeEntry, ...outcome, expiresAt: Math.floor(outcome.at / 1000) + OUTCOME_SECONDS }
    const { check, entry, ...fields } = item
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: marshall({ check, entry }),
        UpdateExpression: `SET ${Object.keys(fields)
          .map((name) => `#${name} = :${name}`)
          .join(', ')}`,
        ExpressionAttributeNames: names(...Object.keys(fields)),
        ExpressionAttributeValues: marshall(Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${name}`, value]))),
      }),
    )
  }

  async #update(notice: Notice, update: DeliveryUpdate): Promise<void> {
    const { subject, key } = noticeKey(notice)
    const Key = marshall({ check: subject, entry: deliveryEntry(key, notice.channel.id) })
    const input = { TableName: this.#table, Key, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const
    await this.#client.send(new UpdateItemCommand({ ...input, ...update }))
  }
}
