import type { DynamoDBStreamEvent } from 'aws-lambda'
import { makeQueues } from './aws/queues.ts'
import type { FlipMessage } from './domain/telling/alert.ts'
import { flipBetween, isAlert } from './domain/watching/flip.ts'
import { isCanary } from './domain/watching/own-heartbeats.ts'
import { required } from './runtime/environment.ts'
import { log } from './runtime/log.ts'
import type { Queue } from './runtime/queue.ts'
import { type Images, imagesOf } from './store/watching/heartbeat-stream.ts'

export type RelayDeps = { readonly flips: Pick<Queue, 'send'> }

/**
 * Hands the flips that alert to their queue, with the heartbeat that each left behind. What is sent
 * twice is told once: deliveries are claimed.
 */
export function makeRelayHandler({
  flips,
}: RelayDeps): (event: DynamoDBStreamEvent) => Promise<void> {
  return async ({ Records }) => {
    const messages = imagesOf(Records).flatMap(messagesOf)
    await flips.send(messages)
    for (const { flip } of messages)
      log('flip', { check: flip.checkId, status: flip.status, from: flip.from, at: flip.at })
  }
}

function messagesOf({ before, after }: Images): readonly FlipMessage[] {
  const flip = flipBetween(before, after)
  return flip !== undefined && isAlert(flip) && !isCanary(after.id)
    ? [{ flip, heartbeat: after }]
    : []
}

export const handler = makeRelayHandler({
  flips: makeQueues()(required('FLIPS_QUEUE_URL')),
})
