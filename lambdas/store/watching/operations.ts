import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as z from 'zod'
import type { Intake } from '../../domain/watching/intake.ts'
import { isWritten } from '../items/conditional.ts'

/** What a sweep leaves behind: when it looked, and at how much. */
export type SweepMark = { readonly startedAt: number; readonly heartbeats: number }

/**
 * The intake of pings as it is known, the canary that tells it, and how far an impairment may put a
 * deadline off.
 */
export type IntakeRecord = {
  readonly intake: Intake
  readonly canaryId: string
  readonly longestHoldMs: number
  /** Grows by one with every write. */
  readonly revision: number
}

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
    await this.#client.send(
      new PutItemCommand({ TableName: this.#table, Item: marshall({ key: 'sweep', ...mark }) }),
    )
  }

  /**
   * Up to when flips that nobody took have been sent again (`nextResendAt`); the beginning of time
   * when none ever were.
   */
  async resentUntil(): Promise<number> {
    const input = { TableName: this.#table, Key: marshall({ key: 'resent' }), ConsistentRead: true }
    const { Item } = await this.#client.send(new GetItemCommand(input))
    return Number(Item?.['until']?.N ?? -Infinity)
  }

  async markResent(until: number): Promise<void> {
    await this.#client.send(
      new PutItemCommand({ TableName: this.#table, Item: marshall({ key: 'resent', until }) }),
    )
  }

  /** The intake as it is now; undefined before the first look at it. */
  async intake(): Promise<IntakeRecord | undefined> {
    const input = { TableName: this.#table, Key: marshall({ key: 'intake' }), ConsistentRead: true }
    const { Item } = await this.#client.send(new GetItemCommand(input))
    return Item && recordOf(unmarshall(Item))
  }

  /** Writes the intake in place of that of the revision before it. */
  async putIntake({ intake, ...record }: IntakeRecord): Promise<'written' | 'changed'> {
    const Item = marshall({ key: 'intake', ...record, ...intake }, { removeUndefinedValues: true })
    const condition = {
      ConditionExpression:
        record.revision === 1 ? 'attribute_not_exists(#revision)' : '#revision = :before',
      ExpressionAttributeNames: { '#revision': 'revision' },
      ...(record.revision === 1
        ? {}
        : { ExpressionAttributeValues: marshall({ ':before': record.revision - 1 }) }),
    }
    const write = new PutItemCommand({ TableName: this.#table, Item, ...condition })
    return (await isWritten(this.#client.send(write))) ? 'written' : 'changed'
  }
}

const troubleShape = z.object({
  startedAt: z.number(),
  failedAt: z.number(),
  isConfirmed: z.boolean(),
  goodSince: z.number().exactOptional(),
  cleanSince: z.number().exactOptional(),
})

const recordShape = z.object({
  canaryId: z.string(),
  longestHoldMs: z.number(),
  revision: z.number(),
  lastGoodAt: z.number().exactOptional(),
  trouble: troubleShape.exactOptional(),
  intervals: z.array(z.object({ startedAt: z.number(), endedAt: z.number() })),
})

function recordOf(item: unknown): IntakeRecord {
  const { canaryId, longestHoldMs, revision, ...intake } = recordShape.parse(item)
  return { intake, canaryId, longestHoldMs, revision }
}
