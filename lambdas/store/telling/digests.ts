import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod'
import type { DigestEntry, DigestPace } from '../../domain/telling/digest.ts'
import { flipKey } from '../../domain/watching/flip.ts'
import type { ClaimTerms } from './delivery-expressions.ts'
import { isWritten } from '../items/conditional.ts'
import { type DeliveryUpdate, names } from './delivery-expressions.ts'
import { expiryAfter } from '../items/expiry.ts'
import { digestPartition, turnEntry, waitingEntry, waitingPrefixes } from '../keys.ts'
import { firstItems } from '../items/query.ts'
import { readEach } from '../items/read-each.ts'

/**
 * Longer than the dead letters are kept, so that a digest which nobody could send can still be sent
 * when they are redriven.
 */
const WAITING_DAYS = 15
const status = z.enum(['new', 'up', 'down', 'paused'])
const entryShape: z.ZodType<DigestEntry> = z.object({
  flip: z.object({
    checkId: z.string(),
    at: z.number(),
    count: z.number(),
    status,
    from: status,
    reason: z.enum(['', 'timeout', 'fail']),
    downSinceAt: z.number().exactOptional(),
  }),
  name: z.string(),
  timeZone: z.string(),
  gatheredAt: z.number(),
  every: z.enum(['minute', 'hour']).exactOptional(),
})

/** When the next of each is due, in the item that they share. */
const dueNames = { minute: 'dueAt', hour: 'hourlyDueAt' } as const

type Item = Readonly<Record<string, AttributeValue>>

/**
 * What waits for a digest, what of it can't be read, and whether it is worth while to ask again for
 * more, once this is told.
 */
export type Waiting = {
  readonly entries: readonly DigestEntry[]
  readonly broken: readonly string[]
  readonly isFull: boolean
}

/**
 * Flips that wait for the digests of a channel, when those are due, and whose turn it is to send
 * one.
 */
export class Digests {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /** Lets a flip wait; one that waits already goes on waiting. */
  async add(channelId: string, entry: DigestEntry): Promise<void> {
    const expiresAt = expiryAfter(WAITING_DAYS, entry.gatheredAt)
    await this.#update(waitingKey(channelId, entry), {
      UpdateExpression: 'SET #details = :details, #expiresAt = :expiresAt',
      ExpressionAttributeNames: names('details', 'expiresAt'),
      ExpressionAttributeValues: marshall(
        { ':details': entry, ':expiresAt': expiresAt },
        { removeUndefinedValues: true },
      ),
    })
  }

  /**
   * When the next digest is due; undefined, or an instant that is past, when none was asked for.
   */
  async dueAt(channelId: string, every: DigestPace): Promise<number | undefined> {
    const Key = marshall(turnKey(channelId))
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }),
    )
    const dueAt = Item?.[dueNames[every]]?.N
    return dueAt === undefined ? undefined : Number(dueAt)
  }

  async markDue(channelId: string, every: DigestPace, dueAt: number): Promise<void> {
    await this.#update(turnKey(channelId), {
      UpdateExpression: 'SET #dueAt = :dueAt, #expiresAt = :expiresAt',
      ExpressionAttributeNames: { '#dueAt': dueNames[every], ...names('expiresAt') },
      ExpressionAttributeValues: marshall({
        ':dueAt': dueAt,
        ':expiresAt': expiryAfter(WAITING_DAYS, dueAt),
      }),
    })
  }

  /**
   * Lets one at a time send digests to a channel, so that what waits goes into one. Answers with
   * when the other's lease ends.
   */
  async takeTurn(
    channelId: string,
    { claimant, now, leaseUntil, expiresAt }: ClaimTerms,
  ): Promise<'taken' | { readonly leasedUntil: number }> {
    try {
      await this.#update(turnKey(channelId), {
        UpdateExpression:
          'SET #claimant = :claimant, #leaseUntil = :leaseUntil, #expiresAt = :expiresAt',
        ConditionExpression:
          'attribute_not_exists(#leaseUntil) OR #leaseUntil <= :now OR #claimant = :claimant',
        ExpressionAttributeNames: names('claimant', 'leaseUntil', 'expiresAt'),
        ExpressionAttributeValues: marshall({
          ':claimant': claimant,
          ':leaseUntil': leaseUntil,
          ':now': now,
          ':expiresAt': Math.max(expiresAt, expiryAfter(WAITING_DAYS, now)),
        }),
      })
      return 'taken'
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return { leasedUntil: Number(error.Item?.['leaseUntil']?.N ?? 0) }
    }
  }

  /** Ends a turn early; one that another has taken over stays his. */
  async endTurn(channelId: string, claimant: string): Promise<void> {
    const end = this.#update(turnKey(channelId), {
      UpdateExpression: 'SET #leaseUntil = :none',
      ConditionExpression: '#claimant = :claimant',
      ExpressionAttributeNames: names('claimant', 'leaseUntil'),
      ExpressionAttributeValues: marshall({ ':none': 0, ':claimant': claimant }),
    })
    await isWritten(end)
  }

  /**
   * What waits, oldest first, up to so many. One that can't be read goes on waiting, and is named.
   */
  async waiting(
    channelId: string,
    every: DigestPace,
    { limit, now }: { readonly limit: number; readonly now: number },
  ): Promise<Waiting> {
    const items = await firstItems(
      this.#client,
      {
        TableName: this.#table,
        KeyConditionExpression: '#check = :check AND begins_with(#entry, :prefix)',
        FilterExpression: '#expiresAt > :now',
        ExpressionAttributeNames: names('check', 'entry', 'expiresAt'),
        ExpressionAttributeValues: marshall({
          ':check': digestPartition(channelId),
          ':prefix': waitingPrefixes[every],
          ':now': now / 1000,
        }),
        ConsistentRead: true,
      },
      limit,
    )
    const broken: string[] = []
    const nameOf = (item: Item) => `${channelId} ${item['entry']?.S}`
    const entries = readEach(items, (item) => entryShape.parse(unmarshall(item)['details']), {
      nameOf,
      note: (name) => broken.push(name),
    })
    // What can't be read stays where it is: with nothing else in reach, asking again would find the
    // same, and ask again.
    return { entries, broken, isFull: items.length === limit && entries.length > 0 }
  }

  async #update(key: object, update: DeliveryUpdate): Promise<void> {
    const input = {
      TableName: this.#table,
      Key: marshall(key),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const
    await this.#client.send(new UpdateItemCommand({ ...input, ...update }))
  }
}

function turnKey(channelId: string) {
  return { check: digestPartition(channelId), entry: turnEntry }
}

export function waitingKey(channelId: string, { flip, every = 'minute' }: DigestEntry) {
  return {
    check: digestPartition(channelId),
    entry: waitingEntry(every, flipKey(flip), flip.checkId),
  }
}
