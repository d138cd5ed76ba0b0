import { fitsPattern } from './event-pattern.ts'
import type { LocalFunction } from '../functions/local-function.ts'
import type { QueuedMessage } from '../services/message.ts'
import { md5, type LocalQueue } from '../services/queue.ts'
import { region } from '../template/resources.ts'
import { failedItems } from './batch-answer.ts'
import type { QueueSource } from '../template/sources.ts'
import { unlessUnkept } from '../data/storage-error.ts'
import type { VirtualClock } from '../functions/virtual-clock.ts'

/** Feeds a function from a queue as its event source mapping says. */
export class QueueFeed {
  readonly source: QueueSource
  readonly #queue: LocalQueue
  readonly #target: Pick<LocalFunction, 'invoke'>
  readonly #clock: VirtualClock
  #batches = 0
  #endWindow: (() => void) | undefined

  constructor(
    source: QueueSource,
    {
      queue,
      target,
      clock,
    }: { queue: LocalQueue; target: Pick<LocalFunction, 'invoke'>; clock: VirtualClock },
  ) {
    this.source = source
    this.#queue = queue
    this.#target = target
    this.#clock = clock
    queue.onVisible = () => this.#gather()
    this.#gather()
  }

  /** Whether messages are about to go to the function. */
  get isGathering(): boolean {
    return this.#batches < this.source.maxConcurrency && this.#queue.hasVisible
  }

  /** Closes the batch window, if one is open. */
  flush(): void {
    this.#endWindow?.()
    this.#endWindow = undefined
    this.#feed()
  }

  /** Waits for more messages if the mapping has a batch window. */
  #gather(): void {
    const { windowSeconds } = this.source
    if (windowSeconds === 0) {
      // The batch gets whatever else is sent in the same turn.
      queueMicrotask(() => this.#feed())
      return
    }
    if (this.#endWindow !== undefined) return
    this.#endWindow = this.#clock.at(this.#clock.now() + windowSeconds * 1000, 'work', () =>
      this.flush(),
    )
  }

  #feed(): void {
    while (this.#batches < this.source.maxConcurrency) {
      const messages = this.#queue.receive(this.source.batchSize)
      if (messages.length === 0) return
      this.#batches += 1
      void this.#handle(messages).finally(() => {
        this.#batches -= 1
        this.#feed()
      })
    }
  }

  /**
   * Deletes the messages that succeed, or fit no filter. The others come back when their visibility
   * timeout ends.
   */
  async #handle(messages: readonly QueuedMessage[]): Promise<void> {
    const wanted = messages.filter((message) => this.#isWanted(message))
    for (const message of messages) if (!wanted.includes(message)) this.#delete(message.receipt)
    if (wanted.length === 0) return
    const receipts = new Map(wanted.map((message) => [message.id, message.receipt]))
    const outcome = await this.#target.invoke(
      { Records: wanted.map((message) => this.#record(message)) },
      'queue',
    )
    const failed = failedItems(outcome, this.source.reportsItems)
    if (failed === 'all') return
    for (const [id, receipt] of receipts) if (!failed.includes(id)) this.#delete(receipt)
  }

  /** A message whose deletion cannot be kept comes again, as may happen with SQS. */
  #delete(receipt: string): void {
    unlessUnkept(() => this.#queue.delete(receipt))
  }

  #isWanted(message: QueuedMessage): boolean {
    const { patterns } = this.source
    return (
      patterns.length === 0 ||
      patterns.some((pattern) => fitsPattern(pattern, { body: parsed(message.body) }))
    )
  }

  #record(message: QueuedMessage): Readonly<Record<string, unknown>> {
    return {
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: message.receives.toString(),
        SentTimestamp: message.sentAt.toString(),
        SenderId: 'local',
        ApproximateFirstReceiveTimestamp: this.#clock.now().toString(),
      },
      messageAttributes: Object.fromEntries(
        Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
          name,
          { dataType: DataType, stringValue: StringValue, binaryValue: BinaryValue },
        ]),
      ),
      md5OfBody: md5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: this.#queue.definition.arn,
      awsRegion: region,
    }
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
