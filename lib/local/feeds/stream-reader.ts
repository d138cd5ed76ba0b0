import { z } from 'zod'
import type { EngineCalls } from '../engine/engine-client.ts'

/** A record of a table's stream, as the engine gives it. */
export type StreamRecord = {
  readonly eventID: string
  readonly eventName: string
  readonly dynamodb: {
    readonly SequenceNumber: string
    readonly Keys: unknown
    readonly NewImage?: unknown
    readonly OldImage?: unknown
    readonly SizeBytes?: number | undefined
    readonly StreamViewType?: string | undefined
  }
}

/** How far a reader is: for each shard, the last sequence number that it is done with. */
export type Positions = Readonly<Record<string, string>>

export type StreamPage = { readonly shard: string; readonly records: readonly StreamRecord[] }

const streamsShape = z.object({ Streams: z.array(z.object({ StreamArn: z.string() })) })
const descriptionShape = z.object({
  StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }),
})
const iteratorShape = z.object({ ShardIterator: z.string() })
const recordShape = z.object({
  eventID: z.string(),
  eventName: z.string(),
  dynamodb: z.object({
    SequenceNumber: z.string(),
    Keys: z.unknown(),
    NewImage: z.unknown().optional(),
    OldImage: z.unknown().optional(),
    SizeBytes: z.number().optional(),
    StreamViewType: z.string().optional(),
  }),
})
const pageShape = z.object({
  Records: z.array(recordShape),
  NextShardIterator: z.string().nullish(),
})

/** Reads the stream of one table for one consumer, from where it stopped. */
export class StreamReader {
  readonly #engine: EngineCalls
  readonly #arn: string
  /** Iterators by shard. A shard that is read to its end has none, and is not begun again. */
  readonly #iterators = new Map<string, string | undefined>()

  private constructor(engine: EngineCalls, arn: string) {
    this.#engine = engine
    this.#arn = arn
  }

  /**
   * @param startsAtLatest whether to skip what is there by now in shards without a position; else
   * they are read from their beginning.
   */
  static async open(
    engine: EngineCalls,
    table: string,
    { positions, startsAtLatest }: { positions: Positions; startsAtLatest: boolean },
  ): Promise<StreamReader> {
    const { Streams } = streamsShape.parse(
      await engine.call('DynamoDBStreams_20120810.ListStreams', { TableName: table }),
    )
    const reader = new StreamReader(engine, Streams.at(-1)?.StreamArn ?? '')
    await reader.#begin(positions, startsAtLatest ? 'LATEST' : 'TRIM_HORIZON')
    return reader
  }

  /** The next records of one shard, `most` at most; undefined when no shard has any. */
  async read(most: number): Promise<StreamPage | undefined> {
    for (const [shard, iterator] of this.#iterators) {
      if (iterator === undefined) continue
      const input = { ShardIterator: iterator, Limit: most }
      const { Records, NextShardIterator } = pageShape.parse(
        await this.#engine.call('DynamoDBStreams_20120810.GetRecords', input),
      )
      this.#iterators.set(shard, NextShardIterator ?? undefined)
      if (NextShardIterator === null || NextShardIterator === undefined)
        await this.#begin({}, 'TRIM_HORIZON')
      if (Records.length > 0) return { shard, records: Records }
    }
    return undefined
  }

  async #begin(positions: Positions, start: 'LATEST' | 'TRIM_HORIZON'): Promise<void> {
    const description = await this.#engine.call('DynamoDBStreams_20120810.DescribeStream', {
      StreamArn: this.#arn,
    })
    for (const { ShardId } of descriptionShape.parse(description).StreamDescription.Shards) {
      if (this.#iterators.has(ShardId)) continue
      const position = positions[ShardId]
      const from =
        position === undefined
          ? { ShardIteratorType: start }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position }
      const input = { StreamArn: this.#arn, ShardId, ...from }
      const { ShardIterator } = iteratorShape.parse(
        await this.#engine.call('DynamoDBStreams_20120810.GetShardIterator', input),
      )
      this.#iterators.set(ShardId, ShardIterator)
    }
  }
}
