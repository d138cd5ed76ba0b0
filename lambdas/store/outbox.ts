import type { SQSClient } from '@aws-sdk/client-sqs'
import type { DeliveriesMessage } from '../domain/notice.ts'
import { Queue } from './queue.ts'

/** A message that was received, as far as it takes to put it off. */
export type Received = { readonly eventSourceARN: string; readonly receiptHandle: string }

/**
 * The two queues of deliveries. Calls to hosts of the internet wait in one of their own: whatever those hosts do, mail, topics and buses
 * never wait behind them.
 */
export class Outbox {
  readonly #deliveries: Queue
  readonly #webhooks: Queue
  readonly #webhooksName: string

  constructor(client: SQSClient, urls: { readonly deliveries: string; readonly webhooks: string }) {
    this.#deliveries = new Queue(client, urls.deliveries)
    this.#webhooks = new Queue(client, urls.webhooks)
    this.#webhooksName = urls.webhooks.split('/').at(-1) ?? ''
  }

  /** @throws when SQS leaves messages unsent; others may be on their way by then. */
  async send(messages: readonly DeliveriesMessage[], delaySeconds = 0): Promise<void> {
    const isCall = ({ channel }: DeliveriesMessage) => channel.kind === 'webhook'
    const calls = messages.filter(isCall)
    const others = messages.filter((message) => !isCall(message))
    if (others.length > 0) await this.#deliveries.send(others, delaySeconds)
    if (calls.length > 0) await this.#webhooks.send(calls, delaySeconds)
  }

  /** Puts a received message off: it comes back after so many seconds, unless it is deleted before. */
  async postpone({ eventSourceARN, receiptHandle }: Received, seconds: number): Promise<void> {
    const queue = eventSourceARN.split(':').at(-1) === this.#webhooksName ? this.#webhooks : this.#deliveries
    await queue.postpone(receiptHandle, seconds)
  }
}
