import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod'
import type { Suppression } from '../../domain/telling/channel.ts'
import { afterLink, inboxOf } from '../../domain/telling/link-limit.ts'
import type { MailFailure } from '../../domain/telling/mail-failure.ts'
import { isWritten } from '../items/conditional.ts'
import { expiryAfter } from '../items/expiry.ts'
import { addressPartition } from '../keys.ts'

const TRIES = 5

const suppressionShape: z.ZodType<Suppression> = z.object({
  reason: z.enum(['bounce', 'complaint']),
  detail: z.string(),
  at: z.number(),
})
const linksShape = z.object({ mailedAt: z.array(z.number()) })

/** What is known of mail addresses, whatever project names them. An address is kept as a hash. */
export class Addresses {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /** Why an address gets no alerts; undefined when it does. */
  async suppression(address: string): Promise<Suppression | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: marshall(suppressionKey(address)) }),
    )
    return Item?.['suppression'] && suppressionShape.parse(unmarshall(Item)['suppression'])
  }

  /**
   * Keeps alerts from an address. Not when it was verified after the mail that failed: then
   * somebody has said that it is good again.
   */
  async suppress({
    address,
    mailedAt,
    reason,
    detail,
    at,
  }: MailFailure): Promise<'suppressed' | 'unchanged'> {
    const update = new UpdateItemCommand({
      TableName: this.#table,
      Key: marshall(suppressionKey(address)),
      UpdateExpression: 'SET suppression = :suppression',
      ConditionExpression: 'attribute_not_exists(verifiedAt) OR verifiedAt <= :mailedAt',
      ExpressionAttributeValues: marshall({
        ':suppression': { reason, detail, at },
        ':mailedAt': mailedAt,
      }),
    })
    return (await isWritten(this.#client.send(update))) ? 'suppressed' : 'unchanged'
  }

  /** Somebody has followed a link, and so got the mail with it. */
  async verify(address: string, now: number): Promise<void> {
    const update = {
      UpdateExpression: 'SET verifiedAt = :now REMOVE suppression',
      ExpressionAttributeValues: marshall({ ':now': now }),
    }
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: marshall(suppressionKey(address)),
        ...update,
      }),
    )
  }

  /**
   * Notes that a link is about to be mailed to an address, unless it has got enough. A read and a
   * write.
   */
  async takeLink(address: string, now: number): Promise<'taken' | 'used up'> {
    return this.#changeLinks(address, now, (mailedAt) => afterLink(mailedAt, now))
  }

  /** Undoes the same: the link of that instant was never mailed. */
  async giveBackLink(address: string, takenAt: number): Promise<void> {
    await this.#changeLinks(address, takenAt, (mailedAt) => mailedAt.filter((at) => at !== takenAt))
  }

  async #changeLinks(
    address: string,
    now: number,
    change: (mailedAt: readonly number[]) => readonly number[] | undefined,
  ): Promise<'taken' | 'used up'> {
    const at = { TableName: this.#table }
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { Item } = await this.#client.send(
        new GetItemCommand({ ...at, Key: marshall(linksKey(address)), ConsistentRead: true }),
      )
      const before = Item === undefined ? undefined : linksShape.parse(unmarshall(Item)).mailedAt
      const after = change(before ?? [])
      if (after === undefined) return 'used up'
      const put = {
        ...at,
        Item: marshall({ ...linksKey(address), mailedAt: after, expiresAt: expiryAfter(1, now) }),
        ...isStill(before),
      }
      if (await isWritten(this.#client.send(new PutItemCommand(put)))) return 'taken'
    }
    throw new Error(`the links of an address changed ${TRIES} times while one was being noted`)
  }
}

function suppressionKey(address: string) {
  return { check: addressPartition(address.toLowerCase()), entry: 'suppression' }
}

function linksKey(address: string) {
  return { check: addressPartition(inboxOf(address)), entry: 'links' }
}

function isStill(before: readonly number[] | undefined) {
  if (before === undefined) return { ConditionExpression: 'attribute_not_exists(entry)' }
  return {
    ConditionExpression: 'mailedAt = :before',
    ExpressionAttributeValues: marshall({ ':before': before }),
  }
}
