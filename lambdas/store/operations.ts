import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'

/** What a sweep leaves behind: when it looked, and at how much. */
export type SweepMark = { readonly startedAt: number; readonly heartbeats: number }

/** What the deployment knows of its own running. */
export class Operations {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /** Notes the last run of the sweep, in place of the one before. */
  async markSweep(mark: SweepMark): Promise<void> {
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item: marshall({ key: 'sweep', ...mark }) }))
  }
}
