import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { flipKey, type Flip } from '../domain/flip.ts'
import { type Definition, type Heartbeat, pause, resume, takeMissedDeadline, takePing } from '../domain/heartbeat.ts'
import type { Ping } from '../domain/ping.ts'
import { readBatch } from './batch-read.ts'
import { allowedChange, buryExpression, defineExpression, type UpdateExpression } from './heartbeat-expressions.ts'
import { attributes, heartbeatOf, type Item } from './heartbeat-item.ts'
import { latePingExpression, pingExpression } from './ping-expression.ts'

const SECOND_STEP_TRIES = 3
const STATE_CHANGE_TRIES = 5

/** One page of a scan. An item that can't be read is named, so that one bad item doesn't hide the others. */
export type ScanPage = { readonly heartbeats: readonly Heartbeat[]; readonly broken: readonly string[] }

/** The table of heartbeats, one live item a check. A tombstone is treated as absent everywhere. */
export class Heartbeats {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /**
   * Records a ping and answers with its number: one write for a plain ping, a second one for what its condition can't decide.
   * @throws when the heartbeat changes under every try.
   */
  async takePing(id: string, ping: Ping): Promise<'missing' | { readonly number: number }> {
    let stored = await this.#update(id, pingExpression(ping))
    for (let attempt = 0; attempt < SECOND_STEP_TRIES && !stored.isWritten; attempt += 1) {
      const before = stored.item && heartbeatOf(stored.item)
      if (before === undefined) return 'missing'
      const after = takePing(before, ping)
      if (after === before) return { number: before.pingCount }
      stored = await this.#update(id, isCountedOnly(before, after, ping) ? latePingExpression(ping) : allowedChange(before, after))
    }
    if (!stored.isWritten) throw new Error(`heartbeat ${id} changed ${SECOND_STEP_TRIES} times while a ping was being recorded`)
    return { number: stored.count }
  }

  /** Whether there is such a check, for callers that may not read: a write whose condition never holds tells what it found. */
  async isKnown(id: string): Promise<boolean> {
    const never = { ConditionExpression: 'attribute_exists(id) AND attribute_not_exists(id)' }
    const stored = await this.#update(id, never)
    return !stored.isWritten && stored.item !== undefined && heartbeatOf(stored.item) !== undefined
  }

  /** The heartbeat as it is now. */
  async read(id: string): Promise<Heartbeat | undefined> {
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key: marshall(key(id)), ConsistentRead: true }))
    return Item && heartbeatOf(Item)
  }

  /** Heartbeats by id, as they are now; those that don't exist are left out. @throws when DynamoDB leaves keys unread again and again. */
  async readMany(ids: readonly string[]): Promise<ReadonlyMap<string, Heartbeat>> {
    const found = new Map<string, Heartbeat>()
    for (const item of await readBatch(this.#client, this.#table, [...new Set(ids)].map(key))) {
      const heartbeat = heartbeatOf(item)
      if (heartbeat !== undefined) found.set(heartbeat.id, heartbeat)
    }
    return found
  }

  /** The version of each definition that is stored now; a tombstone's is that of the deletion. */
  async versions(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const items = await readBatch(this.#client, this.#table, [...new Set(ids)].map(key))
    return new Map(items.map((item) => [item[attributes.id]?.S ?? '', Number(item[attributes.version]?.N ?? 0)]))
  }

  /** Writes a definition unless a newer one is stored. What pings left stays; a check unknown so far becomes a new one. */
  async define(id: string, definition: Definition): Promise<'written' | 'stale'> {
    return (await this.#update(id, defineExpression(definition))).isWritten ? 'written' : 'stale'
  }

  /** Leaves a tombstone where a deleted check was, so that a late event can't bring it back. `version` is that of the deletion. */
  async bury(id: string, version: number, now: number): Promise<void> {
    await this.#update(id, buryExpression(version, now))
  }

  /** Removes a heartbeat without a check, provided that its definition is still of the version that was looked at. */
  async remove(id: string, version: number): Promise<'removed' | 'changed'> {
    const values = { ':v': { N: version.toString() } }
    const condition = { ConditionExpression: 'v = :v AND attribute_not_exists(z)', ExpressionAttributeValues: values }
    try {
      await this.#client.send(new DeleteItemCommand({ TableName: this.#table, Key: marshall(key(id)), ...condition }))
      return 'removed'
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'changed'
      throw error
    }
  }

  /** Pauses a check; a paused one stays as it is. */
  async pause(id: string, now: number): Promise<Heartbeat | 'missing'> {
    return this.#change<never>(id, (heartbeat) => pause(heartbeat, now))
  }

  async resume(id: string, now: number): Promise<Heartbeat | 'missing' | 'not-paused'> {
    return this.#change(id, (heartbeat) => resume(heartbeat, now) ?? 'not-paused')
  }

  /** Brings a check down that missed its deadline, provided that it is still as it was judged. */
  async flagMissed(heartbeat: Heartbeat, deadline: number): Promise<'flagged' | 'changed'> {
    const { isWritten } = await this.#update(heartbeat.id, allowedChange(heartbeat, takeMissedDeadline(heartbeat, deadline)))
    return isWritten ? 'flagged' : 'changed'
  }

  /** Notes that a flip needs no further telling, provided that it is still the one that led to the heartbeat's status. */
  async acknowledge(flip: Flip): Promise<void> {
    const [since, count] = flip.status === 'down' ? ['w', 'W'] : ['u', 'U']
    await this.#update(flip.checkId, {
      UpdateExpression: 'SET a = :a',
      ConditionExpression: `attribute_exists(v) AND attribute_not_exists(z) AND s = :s AND ${since} = :at AND ${count} = :count`,
      ExpressionAttributeValues: {
        ':a': { S: flipKey(flip) },
        ':s': { S: flip.status },
        ':at': { N: flip.at.toString() },
        ':count': { N: flip.count.toString() },
      },
    })
  }

  /** All heartbeats of one segment of the table, page by page, eventually consistent. */
  async *scan(segment: number, segments: number): AsyncGenerator<ScanPage> {
    let start: Item | undefined
    do {
      const input = { TableName: this.#table, Segment: segment, TotalSegments: segments }
      const page = await this.#client.send(new ScanCommand({ ...input, ...(start === undefined ? {} : { ExclusiveStartKey: start }) }))
      yield pageOf(page.Items ?? [])
      start = page.LastEvaluatedKey
    } while (start !== undefined)
  }

  async #change<T extends string>(id: string, decide: (heartbeat: Heartbeat) => Heartbeat | T): Promise<Heartbeat | T | 'missing'> {
    for (let attempt = 0; attempt < STATE_CHANGE_TRIES; attempt += 1) {
      const before = await this.read(id)
      if (before === undefined) return 'missing'
      const after = decide(before)
      if (typeof after === 'string' || after === before) return after
      if ((await this.#update(id, allowedChange(before, after))).isWritten) return after
    }
    throw new Error(`heartbeat ${id} changed ${STATE_CHANGE_TRIES} times while its status was being changed`)
  }

  async #update(id: string, expression: Partial<UpdateExpression>): Promise<Stored> {
    try {
      const input = {
        TableName: this.#table,
        Key: marshall(key(id)),
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      } as const
      const { Attributes } = await this.#client.send(new UpdateItemCommand({ ...input, ...expression }))
      return { isWritten: true, count: Number(Attributes?.[attributes.count]?.N ?? 0) }
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { isWritten: false, item: error.Item }
      throw error
    }
  }
}

type Stored = { readonly isWritten: true; readonly count: number } | { readonly isWritten: false; readonly item: Item | undefined }

function key(id: string): { readonly id: string } {
  return { id }
}

/** Whether a ping only counts because newer ones are stored: then it must not wait for a moment in which nothing else happens. */
function isCountedOnly(before: Heartbeat, after: Heartbeat, ping: Ping): boolean {
  const isOlder = ping.at < (before.lastPingAt ?? ping.at) || ping.at < (before.running?.startedAt ?? ping.at)
  return isOlder && after.lastPing?.type === ping.signal
}

function pageOf(items: readonly Item[]): ScanPage {
  const heartbeats: Heartbeat[] = []
  const broken: string[] = []
  for (const item of items) {
    try {
      const heartbeat = heartbeatOf(item)
      if (heartbeat !== undefined) heartbeats.push(heartbeat)
    } catch {
      broken.push(item[attributes.id]?.S ?? '')
    }
  }
  return { heartbeats, broken }
}
