import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod'
import { type Flip, flipKey } from '../../domain/watching/flip.ts'
import {
  type ChannelOutcome,
  type Claim,
  type Failure,
  shownError,
} from '../../domain/telling/delivery.ts'
import { type Notice, noticeKey } from '../../domain/telling/notice.ts'
import { isWritten } from '../items/conditional.ts'
import {
  type ClaimTerms,
  claimUpdate,
  type DeliveryUpdate,
  names,
  ownFailureUpdate,
  sentUpdate,
} from './delivery-expressions.ts'
import { expiryAfter } from '../items/expiry.ts'
import { deliveryEntry, lastDelivery, outcomeEntry } from '../keys.ts'
import { readEach } from '../items/read-each.ts'

const outcomeShape: z.ZodType<ChannelOutcome> = z.object({
  state: z.enum(['sent', 'waiting', 'failed']),
  at: z.number(),
  error: z.string(),
})

const OUTCOME_DAYS = 90

/**
 * What became of deliveries: entries of the journal, one for each flip and channel, with every
 * attempt that failed; and one for each channel.
 */
export class Deliveries {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /**
   * What came of the last attempt to send to a channel; undefined, too, when that can't be read.
   */
  async lastOutcome(channelId: string): Promise<ChannelOutcome | undefined> {
    const Key = marshall({ check: channelId, entry: outcomeEntry })
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }),
    )
    const outcomes = readEach(
      Item === undefined ? [] : [Item],
      (item) => outcomeShape.parse(unmarshall(item)),
      { nameOf: () => channelId },
    )
    return outcomes[0]
  }

  /** Whether a delivery has arrived: its channel has taken it. */
  async isSent({
    subject,
    key,
    channelId,
  }: {
    readonly subject: string
    readonly key: string
    readonly channelId: string
  }): Promise<boolean> {
    const Key = marshall({ check: subject, entry: deliveryEntry(key, channelId) })
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }),
    )
    return Item?.['state']?.S === 'sent'
  }

  /**
   * Takes a delivery for as long as the lease runs, so that only one at a time sends it. The entry
   * knows of earlier attempts what a message does not that was sent anew.
   */
  async claim(notice: Notice, terms: ClaimTerms): Promise<Claim> {
    try {
      const { Attributes } = await this.#update(notice, claimUpdate(terms))
      return Number(Attributes?.['attempts']?.N ?? 1) > 1 ? 'claimed again' : 'claimed'
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return error.Item?.['state']?.S === 'sending'
        ? { leasedUntil: Number(error.Item['leaseUntil']?.N ?? 0) }
        : 'settled'
    }
  }

  /** Settles a delivery: its channel has taken it. */
  async markSent(notice: Notice, now: number): Promise<void> {
    await this.#update(notice, sentUpdate(now))
    await this.noteOutcome(notice.channel.id, { state: 'sent', at: now, error: '' })
  }

  /** Settles a delivery that no further attempt would get through. */
  async markFailed(notice: Notice, failure: Failure): Promise<void> {
    await this.#noteFailure(notice, 'failed', failure)
  }

  /** Gives a delivery back after an attempt that failed, for the next one. */
  async release(notice: Notice, failure: Failure): Promise<void> {
    await this.#noteFailure(notice, 'waiting', failure)
  }

  /** Gives a delivery back that was not tried: that says nothing new of its channel. */
  async defer(notice: Notice, failure: Failure): Promise<void> {
    await this.#updateOwn(notice, 'waiting', failure)
  }

  /** Settles a delivery that has nothing to tell any more. It says nothing of its channel. */
  async drop(notice: Notice, failure: Failure): Promise<void> {
    await this.#updateOwn(notice, 'failed', failure)
  }

  /**
   * Whether the channel has taken a later flip of the same check, or is being sent one: then until
   * when the lease of that runs. Looks only at deliveries of flips that are dated later, newest
   * first. That date alone is not enough: a run that never ends brings its check down again as of
   * its old deadline, after more pings.
   */
  async laterThan(
    flip: Flip,
    channelId: string,
    { claimant, now }: Pick<ClaimTerms, 'claimant' | 'now'>,
  ): Promise<'sent' | { readonly leasedUntil: number } | undefined> {
    const own = deliveryEntry(flipKey(flip), channelId)
    const isLater = (entry: string) =>
      entry.endsWith(`#${channelId}`) && entry !== own && countIn(entry) >= flip.count
    let leasedUntil = 0
    let start: Record<string, AttributeValue> | undefined
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: '#check = :check AND #entry BETWEEN :own AND :last',
          ExpressionAttributeNames: names('check', 'entry'),
          ExpressionAttributeValues: marshall({
            ':check': flip.checkId,
            ':own': own,
            ':last': lastDelivery,
          }),
          ScanIndexForward: false,
          // Of two that look at a time, one has to see the other's claim.
          ConsistentRead: true,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      )
      const later = (page.Items ?? []).filter(({ entry }) => isLater(entry?.S ?? ''))
      if (later.some(({ state }) => state?.S === 'sent')) return 'sent'
      const others = later.filter(
        (item) => item['state']?.S === 'sending' && item['claimant']?.S !== claimant,
      )
      leasedUntil = Math.max(leasedUntil, ...others.map(({ leaseUntil }) => Number(leaseUntil?.N)))
      start = page.LastEvaluatedKey
    } while (start !== undefined)
    return leasedUntil > now ? { leasedUntil } : undefined
  }

  async #noteFailure(notice: Notice, state: 'failed' | 'waiting', failure: Failure): Promise<void> {
    await this.#updateOwn(notice, state, failure)
    await this.noteOutcome(notice.channel.id, { state, at: failure.at, error: failure.error })
  }

  /**
   * A write that was long on its way must not undo what came of a later attempt, and one that is
   * repeated is noted once.
   */
  async #updateOwn(notice: Notice, state: 'failed' | 'waiting', failure: Failure): Promise<void> {
    await isWritten(this.#update(notice, ownFailureUpdate(state, failure)))
  }

  /**
   * One write more a delivery, so that a channel can be asked how it does without a look at all
   * checks. It counts the failures in a row as well.
   */
  async noteOutcome(channelId: string, { state, at, error }: ChannelOutcome): Promise<void> {
    const counted =
      state === 'sent'
        ? { set: ', #failures = :failures', add: '' }
        : { set: '', add: ' ADD #failures :failures' }
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: marshall({ check: channelId, entry: outcomeEntry }),
        UpdateExpression: `SET #state = :state, #at = :at, #error = :error, #expiresAt = :expiresAt${counted.set}${counted.add}`,
        ExpressionAttributeNames: names('state', 'at', 'error', 'expiresAt', 'failures'),
        ExpressionAttributeValues: marshall({
          ':state': state,
          ':at': at,
          ':error': shownError(error),
          ':expiresAt': expiryAfter(OUTCOME_DAYS, at),
          ':failures': state === 'sent' ? 0 : 1,
        }),
      }),
    )
  }

  async #update(notice: Notice, update: DeliveryUpdate): Promise<UpdateItemCommandOutput> {
    const { subject, key } = noticeKey(notice)
    const Key = marshall({ check: subject, entry: deliveryEntry(key, notice.channel.id) })
    const returned = {
      ReturnValues: 'UPDATED_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const
    const input = { TableName: this.#table, Key, ...returned }
    return this.#client.send(new UpdateItemCommand({ ...input, ...update }))
  }
}

/** How many pings the flip of a delivery had behind it (`deliveryEntry`, `flipKey`). */
function countIn(entry: string): number {
  return Number(entry.split('#')[2])
}
