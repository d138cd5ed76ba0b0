import type { SpilledPing } from '../domain/spilled-ping.ts'
import { boundedCalls } from './client.ts'

/** Two of them fit into what a ping has left when DynamoDB has failed it. */
const limits = { connectionTimeoutMs: 400, requestTimeoutMs: 400, maxAttempts: 2 }

/** What puts pings into the spill queue. The client is loaded at the first of them: it takes time to load, and most instances never need it. */
export function makeSpill(queueUrl: string): (spilled: SpilledPing) => Promise<void> {
  let queue: ReturnType<typeof openQueue> | undefined
  return async (spilled) => {
    queue ??= openQueue(queueUrl)
    await (await queue).send([spilled])
  }
}

async function openQueue(url: string) {
  const [{ Queue }, { SQSClient }] = await Promise.all([import('./queue.ts'), import('@aws-sdk/client-sqs')])
  return new Queue(new SQSClient(boundedCalls(limits)), url)
}
