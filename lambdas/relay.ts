import { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import type { FlipMessage } from './domain/alert.ts'
import { flipBetween, isAlert } from './domain/flip.ts'
import { required } from './runtime/environment.ts'
import { log, nameOf, warn } from './runtime/log.ts'
import { imagesOf } from './store/heartbeat-stream.ts'
import { Queue } from './store/queue.ts'

export type RelayDeps = { readonly flips: Pick<Queue, 'send'> }

/**
 * Hands the flips that alert to their queue, with the heartbeat that each left behind. Nothing here depends on one check alone: a record
 * that can't be read is reported, and those behind it go on their way. Lambda brings the whole rest of the batch again from there; what
 * is sent twice then is told once, for deliveries are claimed.
 */
export function makeRelayHandler({ flips }: RelayDeps): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  return async (event) => {
    const messages: FlipMessage[] = []
    const failed: string[] = []
    for (const record of event.Records) {
      try {
        messages.push(...flipsOf(record))
      } catch (error) {
        warn('record-unreadable', { check: record.dynamodb?.Keys?.['id']?.S, error: nameOf(error) })
        failed.push(record.dynamodb?.SequenceNumber ?? '')
      }
    }
    await flips.send(messages)
    for (const { flip } of messages) log('flip', { check: flip.checkId, status: flip.status, from: flip.from, at: flip.at })
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
  }
}

function flipsOf(record: DynamoDBRecord): readonly FlipMessage[] {
  const { before, after } = imagesOf(record)
  if (before === undefined || after === undefined) return []
  const flip = flipBetween(before, after)
  return flip !== undefined && isAlert(flip) ? [{ flip, heartbeat: after }] : []
}

export const handler = makeRelayHandler({ flips: new Queue(new SQSClient(), required('FLIPS_QUEUE_URL')) })
