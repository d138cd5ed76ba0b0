import { SQSClient } from '@aws-sdk/client-sqs'
import type { SpilledPing } from '../../domain/watching/spilled-ping.ts'
import { boundedCalls } from '../../runtime/bounded-calls.ts'
import { Queue } from '../queue.ts'

/** Two attempts fit into the time that a ping has left after DynamoDB has failed it. */
const limits = { connectionTimeoutMs: 400, requestTimeoutMs: 400, maxAttempts: 2 }

/** What puts pings into the spill queue. */
export function makeSpill(queueUrl: string): (spilled: SpilledPing) => Promise<void> {
  const queue = new Queue(new SQSClient(boundedCalls(limits)), queueUrl)
  return (spilled) => queue.send([spilled])
}
