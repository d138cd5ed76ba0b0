import type { ChannelBase } from '../../domain/telling/channel.ts'
import type { ChannelMessage } from '../../domain/telling/notice.ts'
import type { Queue, QueueAt } from '../../runtime/queue.ts'

/** The part of a received message that it takes to put it off. */
export type ReceivedMessage = { readonly eventSourceARN: string; readonly receiptHandle: string }

/**
 * `webhooks` carries all calls to hosts of the internet, `deliveries` other alerts, `requests` what
 * is no alert. The last is absent where none is received.
 */
export type OutboxUrls = {
  readonly deliveries: string
  readonly webhooks: string
  readonly requests?: string
}

/** The queue that a message came from: a URL ends with the queue's name, as an ARN does. */
export function queueOf(urls: OutboxUrls, eventSourceARN: string): keyof OutboxUrls {
  const name = eventSourceARN.split(':').at(-1) ?? ''
  return queueNames.find((known) => urls[known]?.endsWith(`/${name}`)) ?? 'deliveries'
}

const queueNames = [
  'deliveries',
  'webhooks',
  'requests',
] as const satisfies readonly (keyof OutboxUrls)[]

/**
 * The queues of what is to be told. Calls to hosts of the internet wait in the Webhooks queue, so
 * that mail, topics and buses never wait behind slow hosts.
 */
export class Outbox {
  readonly #queueAt: QueueAt
  readonly #urls: OutboxUrls
  readonly #deliveries: Queue
  readonly #webhooks: Queue
  readonly #callsHost: (channel: ChannelBase) => boolean

  constructor(queueAt: QueueAt, urls: OutboxUrls, callsHost: (channel: ChannelBase) => boolean) {
    this.#queueAt = queueAt
    this.#urls = urls
    this.#callsHost = callsHost
    this.#deliveries = queueAt(urls.deliveries)
    this.#webhooks = queueAt(urls.webhooks)
  }

  /** @throws when messages stay unsent; others may be on their way by then. */
  async send(messages: readonly ChannelMessage[], delaySeconds = 0): Promise<void> {
    const isCall = ({ channel }: ChannelMessage) => this.#callsHost(channel)
    const calls = messages.filter(isCall)
    const others = messages.filter((message) => !isCall(message))
    if (others.length > 0) await this.#deliveries.send(others, delaySeconds)
    if (calls.length > 0) await this.#webhooks.send(calls, delaySeconds)
  }

  /**
   * Puts a received message off in the queue that it came from: it comes back after so many
   * seconds, unless it is deleted before.
   */
  async postpone(
    { eventSourceARN, receiptHandle }: ReceivedMessage,
    seconds: number,
  ): Promise<void> {
    const url = this.#urls[queueOf(this.#urls, eventSourceARN)] ?? this.#urls.deliveries
    await this.#queueAt(url).postpone(receiptHandle, seconds)
  }
}
