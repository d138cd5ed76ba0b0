import { boundedCalls, type CallLimits, usualLimits } from '../runtime/bounded-calls.ts'
import type { Queue, QueueAt } from '../runtime/queue.ts'
import { batchesOf, messageText } from './queue-batches.ts'
import { Service } from './service.ts'

/** Queues of SQS. */
export function makeQueues(limits: CallLimits = usualLimits): QueueAt {
  return queuesOver(ownCall(limits))
}

/** Queues over whatever answers as SQS does. */
export function queuesOver(call: QueueCall): QueueAt {
  return (url) => new SqsQueue(call, url)
}

/** Calls SQS. Input and output have the shape of its API. */
export type QueueCall = (
  operation: 'ChangeMessageVisibility' | 'GetQueueAttributes' | 'SendMessageBatch',
  input: object,
) => Promise<object>

function ownCall(limits: CallLimits): QueueCall {
  const service = new Service('sqs', boundedCalls(limits))
  return (operation, input) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
    }
    return service.call({ path: '/', headers, body: JSON.stringify(input) }, ({ text }) =>
      answerIn(text),
    )
  }
}

/** Some answers are empty. @throws when the text is no answer. */
function answerIn(text: string): object {
  return (text === '' ? {} : JSON.parse(text)) as object
}

const SEND_TRIES = 3

const depths = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const

type Entry = { readonly Id: string; readonly MessageBody: string; readonly DelaySeconds?: number }

class SqsQueue implements Queue {
  readonly #call: QueueCall
  readonly #url: string

  constructor(call: QueueCall, url: string) {
    this.#call = call
    this.#url = url
  }

  async send(messages: readonly object[], delaySeconds = 0): Promise<void> {
    const delay = delaySeconds === 0 ? {} : { DelaySeconds: delaySeconds }
    for (const batch of batchesOf(messages.map(messageText))) {
      await this.#sendBatch(
        batch.map((MessageBody, index) => ({ Id: index.toString(), MessageBody, ...delay })),
      )
    }
  }

  async forward(text: string): Promise<void> {
    await this.#sendBatch([{ Id: '0', MessageBody: text }])
  }

  async depth(): Promise<number> {
    const { Attributes = {} } = (await this.#call('GetQueueAttributes', {
      QueueUrl: this.#url,
      AttributeNames: depths,
    })) as { readonly Attributes?: Readonly<Record<string, string>> }
    return depths.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0)
  }

  async postpone(receiptHandle: string, seconds: number): Promise<void> {
    const input = { QueueUrl: this.#url, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }
    await this.#call('ChangeMessageVisibility', input)
  }

  /** Messages that SQS leaves out of a batch are sent again. */
  async #sendBatch(entries: readonly Entry[]): Promise<void> {
    let left = entries
    let code = ''
    for (let attempt = 0; attempt < SEND_TRIES && left.length > 0; attempt += 1) {
      const { Failed = [] } = (await this.#call('SendMessageBatch', {
        QueueUrl: this.#url,
        Entries: left,
      })) as { readonly Failed?: readonly { readonly Id: string; readonly Code: string }[] }
      const failed = new Set(Failed.map(({ Id }) => Id))
      left = left.filter(({ Id }) => failed.has(Id))
      code = Failed[0]?.Code ?? ''
    }
    if (left.length > 0)
      throw new Error(`SQS left ${left.length} messages unsent after ${SEND_TRIES} tries: ${code}`)
  }
}
