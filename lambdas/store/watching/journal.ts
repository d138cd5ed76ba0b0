import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { Flip } from '../../domain/watching/flip.ts'
import type { KeptBody } from '../../domain/watching/kept-body.ts'
import type { LoggedPing } from '../../domain/watching/ping.ts'
import { backOff } from '../../runtime/backoff.ts'
import { groupsOf } from '../../runtime/groups.ts'
import type { Item } from '../items/attributes.ts'
import { hasExpired } from '../items/expiry.ts'
import {
  bodyItem,
  keptBodyOf,
  entryOf,
  type LogEntry,
  loggedFlipOf,
  loggedPingOf,
  logItem,
} from './journal-item.ts'
import { bodyEntry, flipEntry, pingEntry } from '../keys.ts'
import { firstItems } from '../items/query.ts'
import { readEach } from '../items/read-each.ts'

const BATCH_SIZE = 25
const BATCH_TRIES = 5

/**
 * The log of each check: its pings, their bodies, its flips. Entries expire; what has expired is
 * not there, even while it still lies there.
 */
export class Journal {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /**
   * Writes entries; one that is there already is written again as it was.
   * @param expiresAt epoch seconds
   * @throws when DynamoDB leaves entries unwritten again and again
   */
  async put(entries: readonly LogEntry[], expiresAt: number): Promise<void> {
    const items = [
      ...new Map(entries.map((entry) => [keyOf(entry), logItem(entry, expiresAt)])).values(),
    ]
    for (const batch of groupsOf(items, BATCH_SIZE))
      await this.#write(batch.map((Item) => ({ PutRequest: { Item } })))
  }

  /**
   * Keeps a body, compressed: no more of it than `keptBytes` lets. @param expiresAt epoch seconds
   */
  async putBody(checkId: string, number: number, body: KeptBody, expiresAt: number): Promise<void> {
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#table,
        Item: bodyItem(checkId, number, body, expiresAt),
      }),
    )
  }

  /**
   * The body of a ping; undefined when it had none, when it is no longer or not yet there, or can't
   * be read.
   */
  async body(checkId: string, number: number, now: number): Promise<KeptBody | undefined> {
    const Key = marshall({ check: checkId, entry: bodyEntry(number) })
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }),
    )
    return readEntries(Item === undefined ? [] : [Item], keptBodyOf, now)[0]
  }

  /** The last pings of a check, newest first. */
  async pings(checkId: string, limit: number, now: number): Promise<readonly LoggedPing[]> {
    const items = await this.#newest(checkId, [pingEntry(0), pingEntry(Infinity)], limit)
    return readEntries(items, loggedPingOf, now)
  }

  /** The last flips of a check, newest first, at `from` or later and before `to`. */
  async flips(
    checkId: string,
    range: { readonly from?: number; readonly to?: number; readonly limit: number },
    now: number,
  ): Promise<readonly Flip[]> {
    const { from = 0, to = Infinity, limit } = range
    if (to <= from) return []
    const items = await this.#newest(checkId, [flipEntry(from), flipEntry(to)], limit)
    return readEntries(items, loggedFlipOf, now)
  }

  async #newest(
    checkId: string,
    [first, last]: readonly [string, string],
    limit: number,
  ): Promise<readonly Item[]> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: '#check = :check AND #entry BETWEEN :first AND :last',
      ExpressionAttributeNames: { '#check': 'check', '#entry': 'entry' },
      ExpressionAttributeValues: marshall({ ':check': checkId, ':first': first, ':last': last }),
      ScanIndexForward: false,
      ConsistentRead: true,
    }
    return firstItems(this.#client, query, limit)
  }

  async #write(requests: WriteRequest[]): Promise<void> {
    let left: WriteRequest[] = requests
    for (let attempt = 0; attempt < BATCH_TRIES && left.length > 0; attempt += 1) {
      const { UnprocessedItems } = await this.#client.send(
        new BatchWriteItemCommand({ RequestItems: { [this.#table]: left } }),
      )
      left = UnprocessedItems?.[this.#table] ?? []
      if (left.length > 0) await backOff(attempt)
    }
    if (left.length > 0)
      throw new Error(
        `DynamoDB left ${left.length} log entries unwritten after ${BATCH_TRIES} tries`,
      )
  }
}

/** A batch must not name an item twice, and a stream may deliver a record twice. */
function keyOf(entry: LogEntry): string {
  return `${entry.checkId}#${entryOf(entry)}`
}

/** What has not expired. An entry that can't be read is named, and hides none of the others. */
function readEntries<Read>(
  items: readonly Item[],
  decode: (item: Item) => Read,
  now: number,
): readonly Read[] {
  const current = items.filter((item) => !hasExpired(item, now))
  return readEach(current, decode, { nameOf: ({ check, entry }) => `${check?.S} ${entry?.S}` })
}
