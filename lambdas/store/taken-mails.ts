import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { expiryAfter } from './expiry.ts'
import { mailEntry } from './keys.ts'

/** For longer than Lambda tries an event, and an operator needs to send one again. */
const KEPT_DAYS = 14

/**
 * Which mails have pinged a check. A heartbeat knows the last ping only, and an event that is delivered again, because of another
 * recipient or just so, may find others behind it. Kept in the journal, beside the log of the check.
 */
export class TakenMails {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  async has(checkId: string, requestId: string): Promise<boolean> {
    const input = { TableName: this.#table, Key: marshall({ check: checkId, entry: mailEntry(requestId) }), ConsistentRead: true }
    return (await this.#client.send(new GetItemCommand(input))).Item !== undefined
  }

  async add(checkId: string, requestId: string, now: number): Promise<void> {
    const item = { check: checkId, entry: mailEntry(requestId), expiresAt: expiryAfter(KEPT_DAYS, now) }
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item: marshall(item) }))
  }
}
