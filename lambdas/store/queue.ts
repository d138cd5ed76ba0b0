import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs'

const BATCH_SIZE = 10
const SEND_TRIES = 3

/** A queue of JSON messages. */
export class Queue {
  readonly #client: SQSClient
  readonly #url: string

  constructor(client: SQSClient, url: string) {
    this.#client = client
    this.#url = url
  }

  /**
   * Sends all messages; what SQS does not take of a batch is sent again.
   * @throws when SQS leaves messages unsent again and again. The others are on their way by then, so whoever tries again sends them twice.
   */
  async send(messages: readonly object[]): Promise<void> {
    for (let start = 0; start < messages.length; start += BATCH_SIZE) {
      const batch = messages.slice(start, start + BATCH_SIZE)
      await this.#sendBatch(batch.map((message, index) => ({ Id: index.toString(), MessageBody: textOf(message) })))
    }
  }

  /** Puts a received message off: it comes back after so many seconds, unless it is deleted before. */
  async postpone(receiptHandle: string, seconds: number): Promise<void> {
    const input = { QueueUrl: this.#url, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }
    await this.#client.send(new ChangeMessageVisibilityCommand(input))
  }

  async #sendBatch(entries: SendMessageBatchRequestEntry[]): Promise<void> {
    let left = entries
    let code = ''
    for (let attempt = 0; attempt < SEND_TRIES && left.length > 0; attempt += 1) {
      const { Failed = [] } = await this.#client.send(new SendMessageBatchCommand({ QueueUrl: this.#url, Entries: left }))
      const failed = new Set(Failed.map((failure) => failure.Id))
      left = left.filter((entry) => failed.has(entry.Id))
      code = Failed[0]?.Code ?? ''
    }
    if (left.length > 0) throw new Error(`SQS left ${left.length} messages unsent after ${SEND_TRIES} tries: ${code}`)
  }
}

/** JSON of characters that SQS takes: it refuses a message with U+FFFE or U+FFFF in it, and bodies and names may hold them. */
function textOf(message: object): string {
  return JSON.stringify(message).replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
}
