import type { DynamoDBRecord } from 'aws-lambda'
import type { Heartbeat } from '../../domain/watching/heartbeat.ts'
import { unmarshalled } from '../../aws/attribute-value.ts'
import { nameOf, warn } from '../../runtime/log.ts'
import { heartbeatOf } from './heartbeat-item.ts'

/** A heartbeat before and after one write. */
export type Images = { readonly before: Heartbeat; readonly after: Heartbeat }

/**
 * The images of records with a heartbeat before and after. An unreadable one is passed over: it
 * would not be readable later either, and would hold up what lies behind it. The sweep finds the
 * same heartbeat unreadable, and fails.
 */
export function imagesOf(records: readonly DynamoDBRecord[]): readonly Images[] {
  return records.flatMap((record) => {
    try {
      const [before, after] = [
        imageOf(record.dynamodb?.OldImage),
        imageOf(record.dynamodb?.NewImage),
      ]
      return before === undefined || after === undefined ? [] : [{ before, after }]
    } catch (error) {
      warn('record-unreadable', { check: record.dynamodb?.Keys?.['id']?.S, error: nameOf(error) })
      return []
    }
  })
}

function imageOf(
  image: NonNullable<DynamoDBRecord['dynamodb']>['NewImage'],
): Heartbeat | undefined {
  return image && heartbeatOf(unmarshalled(image))
}
