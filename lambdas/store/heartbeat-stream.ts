import type { DynamoDBRecord } from 'aws-lambda'
import type { Heartbeat } from '../domain/heartbeat.ts'
import { heartbeatOf, type Item } from './heartbeat-item.ts'

/** A heartbeat before and after one write, as the stream tells; each is undefined where there was none, or a tombstone. */
export function imagesOf({ dynamodb }: DynamoDBRecord): { readonly before: Heartbeat | undefined; readonly after: Heartbeat | undefined } {
  return { before: imageOf(dynamodb?.OldImage), after: imageOf(dynamodb?.NewImage) }
}

function imageOf(image: NonNullable<DynamoDBRecord['dynamodb']>['NewImage']): Heartbeat | undefined {
  // The stream's attribute values are those of the SDK, but for binary ones, which a heartbeat has none of.
  return image && heartbeatOf(image as Item)
}
