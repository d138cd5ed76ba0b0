import { z } from 'zod'
import type { MemoryTables } from './memory-tables.ts'

/** The one shard of a stream, which never ends. */
const shard = 'shard'

const namedShape = z.object({ TableName: z.string() })
const addressedShape = z.object({ StreamArn: z.string() })
const iteratorShape = z.object({
  StreamArn: z.string(),
  ShardIteratorType: z.enum(['TRIM_HORIZON', 'LATEST', 'AFTER_SEQUENCE_NUMBER']),
  SequenceNumber: z.string().optional(),
})
const recordsShape = z.object({
  ShardIterator: z.string(),
  Limit: z.number().int().min(1).max(1000).default(1000),
})

const played: Readonly<Record<string, (tables: MemoryTables, input: unknown) => object>> = {
  ListStreams: (tables, input) => {
    const { shape } = tables.table(namedShape.parse(input).TableName)
    return {
      Streams: shape.hasStream === true ? [{ StreamArn: shape.name, TableName: shape.name }] : [],
    }
  },
  DescribeStream: (tables, input) => {
    const { name } = tables.table(addressedShape.parse(input).StreamArn).shape
    return { StreamDescription: { StreamArn: name, Shards: [{ ShardId: shard }] } }
  },
  GetShardIterator: (tables, input) => {
    const { StreamArn, ShardIteratorType, SequenceNumber } = iteratorShape.parse(input)
    const { recordCount } = tables.table(StreamArn)
    const after = {
      TRIM_HORIZON: 0,
      LATEST: recordCount,
      AFTER_SEQUENCE_NUMBER: Number(SequenceNumber),
    }[ShardIteratorType]
    return { ShardIterator: iterator(StreamArn, after) }
  },
  GetRecords: (tables, input) => {
    const { ShardIterator, Limit } = recordsShape.parse(input)
    const [name, after] = z.tuple([z.string(), z.number()]).parse(JSON.parse(ShardIterator))
    const { records, recordCount } = tables.table(name)
    const gone = recordCount - records.length
    const from = Math.max(0, after - gone)
    const Records = records.slice(from, from + Limit)
    return { Records, NextShardIterator: iterator(name, gone + from + Records.length) }
  },
}

/** The operations of DynamoDB Streams on the model's tables. A stream's ARN is its table's name. */
export const streamOperations = new Map(Object.entries(played))

/** The iterator that reads on behind so many records. */
function iterator(table: string, after: number): string {
  return JSON.stringify([table, after])
}
