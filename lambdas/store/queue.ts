import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs'

const BATCH_SIZE = 10
/**
 * The most bytes of a batch. SQS takes 1 MiB in one call, and the rest is for what surrounds the
 * messages.
 */
const BATCH_BYTES = 1_000_000
const SEND_TRIES = 3

const depths = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const

/** SQS puts no new message off for longer. */
export const longestDelaySeconds = 900

/** A queue of JSON messages. */
export class Queue {
  readonly #client: SQSClient
  readonly #url: string

  constructor(client: SQSClient, url: string) {
    this.#client = client
    this.#url = url
  }

  /**
   * Sends all messages, visible after so many seconds. Messages that SQS leaves out of a batch are
   * sent again.
   * @throws when SQS leaves messages unsent again and again. The others are on their way by then,
   * so whoever tries again sends them twice.
   */
  async send(messages: readonly object[], delaySeconds = 0): Promise<void> {
    const delay = delaySeconds === 0 ? {} : { DelaySeconds: delaySeconds }
    for (const batch of batchesOf(messages.map(textOf))) {
      await this.#sendBatch(
        batch.map((MessageBody, index) => ({ Id: index.toString(), MessageBody, ...delay })),
      )
    }
  }

  /** Sends one message as it is. */
  async forward(text: string): Promise<void> {
    await this.#sendBatch([{ Id: '0', MessageBody: text }])
  }

  /**
   * About how many messages there are: those that wait, those that are being worked on, and those
   * that were put off.
   */
  async depth(): Promise<number> {
    const { Attributes = {} } = await this.#client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: [...depths] }),
    )
    return depths.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0)
  }

  /**
   * Puts a received message off: it comes back after so many seconds, unless it is deleted before.
   */
  async postpone(receiptHandle: string, seconds: number): Promise<void> {
    const input = { QueueUrl: this.#url, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }
    await this.#client.send(new ChangeMessageVisibilityCommand(input))
  }

  async #sendBatch(entries: SendMessageBatchRequestEntry[]): Promise<void> {
    let left = entries
    let code = ''
    for (let attempt = 0; attempt < SEND_TRIES && left.length > 0; attempt += 1) {
      const { Failed = [] } = await this.#client.send(
        new SendMessageBatchCommand({ QueueUrl: this.#url, Entries: left }),
      )
      const failed = new Set(Failed.map((failure) => failure.Id))
      left = left.filter((entry) => failed.has(entry.Id))
      code = Failed[0]?.Code ?? ''
    }
    if (left.length > 0)
      throw new Error(`SQS left ${left.length} messages unsent after ${SEND_TRIES} tries: ${code}`)
  }
}

/**
 * JSON of characters that SQS takes: it refuses a message with U+FFFE or U+FFFF in it, and bodies
 * and names may hold them.
 */
function textOf(message: object): string {
  return JSON.stringify(message).replace(
    /[\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  )
}

/** As many messages to a batch as SQS takes by number and by size. */
function batchesOf(bodies: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = []
  let room = 0
  for (const body of bodies) {
    room -= Buffer.byteLength(body)
    const batch = batches.at(-1)
    if (batch !== undefined && room >= 0 && batch.length < BATCH_SIZE) {
      batch.push(body)
    } else {
      batches.push([body])
      room = BATCH_BYTES - Buffer.byteLength(body)
    }
  }
  return batches
}
