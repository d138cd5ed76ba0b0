import type {
  ChangeMessageVisibilityCommandInput,
  SendMessageBatchCommandInput,
} from '@aws-sdk/client-sqs'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { FunctionName } from '../functions.ts'
import type { AwsCall } from '../host.ts'
import type { World } from '../world.ts'
import type { Service } from './calls.ts'
import type { Ended, Invocations } from './invocations.ts'

export type QueueSettings = {
  readonly name: string
  readonly functionName: FunctionName
  readonly batchSize: number
  readonly visibilitySeconds: number
  readonly maxReceiveCount: number
  readonly maxConcurrency?: number
}

type Message = {
  readonly id: string
  readonly body: string
  receiveCount: number
  visibleAt: number
  isHidden: boolean
  receipt: string
}

/**
 * A standard queue of SQS and Lambda's poller on it: messages come late, twice, in any order, and
 * back when their function failed.
 */
export class SimulatedQueue implements Service {
  readonly settings: QueueSettings
  /** What was ever sent, and what nobody could handle. */
  readonly sent: string[] = []
  readonly deadLetters: string[] = []
  readonly #messages = new Set<Message>()
  readonly #world: World
  readonly #invocations: Invocations
  #working = 0
  #isPolling = false
  #receipts = 0

  constructor(world: World, invocations: Invocations, settings: QueueSettings) {
    this.#world = world
    this.#invocations = invocations
    this.settings = settings
  }

  get isEmpty(): boolean {
    return this.#messages.size === 0
  }

  perform({ operation, input }: AwsCall): object {
    if (operation === 'SendMessageBatch') return this.#send(input as SendMessageBatchCommandInput)
    if (operation === 'ChangeMessageVisibility')
      return this.#postpone(input as ChangeMessageVisibilityCommandInput)
    if (operation === 'GetQueueAttributes')
      return { Attributes: { ApproximateNumberOfMessages: this.#messages.size.toString() } }
    throw new Error(`the simulation plays no ${operation}`)
  }

  /** What an operator does with dead letters when the cause is mended. */
  redrive(): void {
    for (const body of this.deadLetters.splice(0)) {
      this.sent.push(body)
      this.#add(`${this.settings.name}-${this.sent.length}`, body)
    }
  }

  #send({ Entries = [] }: SendMessageBatchCommandInput): object {
    for (const { MessageBody = '', DelaySeconds = 0 } of Entries) {
      this.sent.push(MessageBody)
      const id = `${this.settings.name}-${this.sent.length}`
      this.#add(id, MessageBody, DelaySeconds)
      if (this.#world.faults.strikes('duplicated')) this.#add(id, MessageBody, DelaySeconds)
    }
    return { Successful: Entries.map(({ Id }) => ({ Id })) }
  }

  #add(id: string, body: string, delaySeconds = 0): void {
    const { dice, faults, now } = this.#world
    const delayMs = faults.strikes('delayed') ? dice.between(1000, 90_000) : dice.between(5, 50)
    const message = {
      id,
      body,
      receiveCount: 0,
      visibleAt: now + delayMs + delaySeconds * 1000,
      isHidden: false,
      receipt: '',
    }
    this.#messages.add(message)
    this.#pollAt(message.visibleAt)
  }

  #postpone({
    ReceiptHandle = '',
    VisibilityTimeout = 0,
  }: ChangeMessageVisibilityCommandInput): object {
    for (const message of this.#messages) {
      if (message.receipt !== ReceiptHandle) continue
      message.visibleAt = this.#world.now + VisibilityTimeout * 1000
      this.#pollAt(message.visibleAt)
    }
    return {}
  }

  #pollAt(at: number): void {
    this.#world.timeline.add(at, () => this.#pollSoon())
  }

  #pollSoon(): void {
    if (this.#isPolling) return
    this.#isPolling = true
    this.#world.after(this.#world.dice.between(1, 30), () => this.#poll())
  }

  #poll(): void {
    this.#isPolling = false
    const { batchSize, maxConcurrency = Infinity } = this.settings
    if (this.#working >= maxConcurrency) return
    const visible = [...this.#messages].filter(({ visibleAt }) => visibleAt <= this.#world.now)
    const batch = visible
      .slice(0, this.#world.dice.between(1, batchSize))
      .filter((message) => this.#receive(message))
    if (visible.length > 0) this.#pollSoon()
    if (batch.length === 0) return
    this.#working += 1
    const receipts = batch.map(({ receipt }) => receipt)
    this.#invocations.invoke(this.settings.functionName, eventOf(batch), (ended) =>
      this.#settle(batch, receipts, ended),
    )
  }

  /** Whether the message is handed out, and not one too many times. */
  #receive(message: Message): boolean {
    if (message.receiveCount >= this.settings.maxReceiveCount) {
      this.deadLetters.push(message.body)
      this.#world.note(undefined, `${this.settings.name} gives up ${message.id}`)
      this.#messages.delete(message)
      return false
    }
    message.receiveCount += 1
    this.#receipts += 1
    message.receipt = `${message.id}-${this.#receipts}`
    message.visibleAt = this.#world.now + this.settings.visibilitySeconds * 1000
    this.#pollAt(message.visibleAt)
    return true
  }

  #settle(batch: readonly Message[], receipts: readonly string[], ended: Ended): void {
    this.#working -= 1
    if (ended.state === 'ended') {
      const failed = new Set(
        ((ended.value ?? {}) as Partial<SQSBatchResponse>).batchItemFailures?.map(
          (each) => each.itemIdentifier,
        ),
      )
      // A message that has become visible meanwhile, and was handed out again, is another's to
      // delete; SQS deletes it all the same.
      batch.forEach((message, index) => {
        if (
          failed.has(message.id) ||
          (message.receipt !== receipts[index] && this.#world.faults.strikes('duplicated'))
        )
          return
        this.#messages.delete(message)
      })
    }
    if ([...this.#messages].some(({ visibleAt }) => visibleAt <= this.#world.now)) this.#pollSoon()
  }
}

/** Messages as Lambda hands them over. */
function eventOf(messages: readonly Message[]): SQSEvent {
  return { Records: messages.map(recordOf) }
}

function recordOf({ id, body, receipt, receiveCount }: Message): SQSRecord {
  const attributes = {
    ApproximateReceiveCount: receiveCount.toString(),
    SentTimestamp: '0',
    SenderId: '',
    ApproximateFirstReceiveTimestamp: '0',
  }
  return {
    messageId: id,
    receiptHandle: receipt,
    body,
    attributes,
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:${id.split('-')[0]}`,
    awsRegion: 'us-east-1',
  }
}
