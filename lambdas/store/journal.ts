import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { type Flip, flipKey } from '../domain/flip.ts'
import type { KeptBody, MailWords } from '../domain/kept-body.ts'
import type { LoggedPing } from '../domain/ping.ts'
import { backOff } from '../runtime/backoff.ts'
import { groupsOf } from '../runtime/groups.ts'
import { hasExpired } from './expiry.ts'
import { bodyEntry, flipEntry, pingEntry } from './keys.ts'
import { packed, unpacked } from './packed-body.ts'
import { firstItems } from './query.ts'

const BATCH_SIZE = 25
const BATCH_TRIES = 5

/** One entry of the log of a check: a ping, or a flip. */
export type LogEntry = { readonly checkId: string; readonly ping: LoggedPing } | { readonly checkId: string; readonly flip: Flip }

/** The log of each check: its pings, their bodies, its flips. Entries expire; what has expired is not there, even while it still lies there. */
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
    const items = [...new Map(entries.map((entry) => [keyOf(entry), itemOf(entry, expiresAt)])).values()]
    for (const batch of groupsOf(items, BATCH_SIZE)) await this.#write(batch.map((Item) => ({ PutRequest: { Item } })))
  }

  /** Keeps a body, compressed: no more of it than `keptBytes` lets. @param expiresAt epoch seconds */
  async putBody(checkId: string, number: number, { bytes, receivedBytes, words }: KeptBody, expiresAt: number): Promise<void> {
    const item = { check: checkId, entry: bodyEntry(number), body: packed(bytes), receivedBytes, ...wordsItem(words), expiresAt }
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item: marshall(item) }))
  }

  /** The body of a ping; undefined when it had none, or when it is no longer or not yet there. */
  async body(checkId: string, number: number, now: number): Promise<KeptBody | undefined> {
    const Key = marshall({ check: checkId, entry: bodyEntry(number) })
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }))
    const body = Item?.['body']?.B
    return Item === undefined || body === undefined || hasExpired(Item, now) ? undefined : bodyOf(Item, unpacked(body))
  }

  /** The last pings of a check, newest first. */
  async pings(checkId: string, limit: number, now: number): Promise<readonly LoggedPing[]> {
    const items = await this.#newest(checkId, [pingEntry(0), pingEntry(Infinity)], limit)
    return items.filter((item) => !hasExpired(item, now)).map(pingOf)
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
    return items.filter((item) => !hasExpired(item, now)).map((item) => flipOf(checkId, item))
  }

  async #newest(checkId: string, [first, last]: readonly [string, string], limit: number): Promise<readonly Item[]> {
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
      const { UnprocessedItems } = await this.#client.send(new BatchWriteItemCommand({ RequestItems: { [this.#table]: left } }))
      left = UnprocessedItems?.[this.#table] ?? []
      if (left.length > 0) await backOff(attempt)
    }
    if (left.length > 0) throw new Error(`DynamoDB left ${left.length} log entries unwritten after ${BATCH_TRIES} tries`)
  }
}

type Item = Record<string, AttributeValue>

/** A batch must not name an item twice, and a stream may deliver a record twice. */
function keyOf(entry: LogEntry): string {
  return `${entry.checkId}#${entryOf(entry)}`
}

function entryOf(entry: LogEntry): string {
  return 'ping' in entry ? pingEntry(entry.ping.number) : `flip#${flipKey(entry.flip)}`
}

function itemOf(entry: LogEntry, expiresAt: number): Item {
  const fields = 'ping' in entry ? entry.ping : { ...entry.flip, checkId: undefined }
  return marshall({ check: entry.checkId, entry: entryOf(entry), ...fields, expiresAt }, { removeUndefinedValues: true })
}

function pingOf(item: Item): LoggedPing {
  const { check: _, entry: __, expiresAt: ___, ...ping } = unmarshall(item)
  return ping as LoggedPing
}

function flipOf(checkId: string, item: Item): Flip {
  const { check: _, entry: __, expiresAt: ___, ...flip } = unmarshall(item)
  return { ...(flip as Omit<Flip, 'checkId'>), checkId }
}

/** An older version did not note how much there was. */
function bodyOf(item: Item, bytes: Uint8Array): KeptBody {
  const words = wordsOf(item)
  return { bytes, receivedBytes: Number(item['receivedBytes']?.N ?? bytes.length), ...(words === undefined ? {} : { words }) }
}

function wordsItem(words: MailWords | undefined): object {
  return words === undefined ? {} : { subject: words.subject, text: packed(words.text.bytes), textBytes: words.text.receivedBytes }
}

function wordsOf({ subject, text, textBytes }: Item): MailWords | undefined {
  if (subject?.S === undefined || text?.B === undefined) return undefined
  return { subject: subject.S, text: { bytes: unpacked(text.B), receivedBytes: Number(textBytes?.N) } }
}
