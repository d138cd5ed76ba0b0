import type { DynamoDBRecord } from 'aws-lambda'
import type { StoredItem } from './values.ts'

type Change = {
  readonly table: string
  readonly number: number
  readonly at: number
  readonly keys: StoredItem
  readonly before: StoredItem | undefined
  readonly after: StoredItem | undefined
}

const SEQUENCE_DIGITS = 21

/** A record of a stream with both images, as Lambda hands it to a function. */
export function recordOf({ table, number, at, keys, before, after }: Change): DynamoDBRecord {
  const sequence = number.toString().padStart(SEQUENCE_DIGITS, '0')
  const images = {
    ApproximateCreationDateTime: Math.floor(at / 1000),
    Keys: keys,
    SequenceNumber: sequence,
    StreamViewType: 'NEW_AND_OLD_IMAGES' as const,
    ...(before === undefined ? {} : { OldImage: before }),
    ...(after === undefined ? {} : { NewImage: after }),
  }
  return {
    eventID: `${table}-${sequence}`,
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: `arn:aws:dynamodb:us-east-1:123456789012:table/${table}/stream/2026-01-01T00:00:00.000`,
    // Only binary values differ from those of the SDK, and no table with a stream holds any.
    dynamodb: images as NonNullable<DynamoDBRecord['dynamodb']>,
  }
}
