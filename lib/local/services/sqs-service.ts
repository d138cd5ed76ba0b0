import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  CallError,
  jsonError,
  jsonHeaders,
  type ServiceAnswer,
  type AwsCall,
  type AwsService,
} from './aws-call.ts'
import { attributesShape, type QueuedMessage } from './message.ts'
import { attributesMd5, md5, type NewMessage, type LocalQueue } from './queue.ts'

/** The most bytes of a message, and of a batch. */
const LONGEST_BODY_BYTES = 1_048_576
const LONGEST_DELAY_SECONDS = 900
const LONGEST_VISIBILITY_SECONDS = 43_200

const messageShape = z.object({
  MessageBody: z.string().min(1),
  DelaySeconds: z.number().int().min(0).max(LONGEST_DELAY_SECONDS).optional(),
  MessageAttributes: attributesShape.default({}),
})
const batchShape = z.object({
  Entries: z
    .array(messageShape.extend({ Id: z.string() }))
    .min(1)
    .max(10),
})
const visibilitySeconds = z.number().int().min(0).max(LONGEST_VISIBILITY_SECONDS)
const visibilityShape = z.object({
  ReceiptHandle: z.string(),
  VisibilityTimeout: visibilitySeconds,
})
const receiveShape = z.object({
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: visibilitySeconds.exactOptional(),
})
const deleteShape = z.object({ ReceiptHandle: z.string() })
const moveShape = z.object({ DestinationArn: z.string() })

type Queues = ReadonlyMap<string, LocalQueue>
type QueueOperation = (queue: LocalQueue, input: unknown, queues: Queues) => object

const played: Readonly<Record<string, QueueOperation>> = {
  SendMessage: (queue, input) => sent(queue, messageShape.parse(input)),
  SendMessageBatch: sendBatch,
  ReceiveMessage: receive,
  DeleteMessage: (queue, input) => {
    queue.delete(deleteShape.parse(input).ReceiptHandle)
    return {}
  },
  ChangeMessageVisibility: changeVisibility,
  StartMessageMoveTask: startMoveTask,
  ListMessageMoveTasks: (queue) => ({ Results: [moveTasks.get(queue) ?? []].flat() }),
  GetQueueAttributes: (queue) => ({ Attributes: attributesOf(queue) }),
}
const operations = new Map(Object.entries(played))

/** Plays SQS, as far as Overdue uses it. */
export function makeSqsService(queues: Queues): AwsService {
  const queueOf = (call: AwsCall) => {
    const queue = queues.get(nameOf(call))
    if (queue === undefined)
      throw new CallError('QueueDoesNotExist', 'the specified queue does not exist')
    return queue
  }
  return {
    accesses: (call) => [
      {
        action: `sqs:${call.operation.replace(/Batch$/, '')}`,
        resource: queues.get(nameOf(call))?.definition.arn ?? '',
      },
    ],
    resources: (call) => [nameOf(call)],
    perform: (call) => {
      const operation = operations.get(call.operation)
      if (operation === undefined)
        throw new CallError(
          'UnsupportedOperation',
          `the local stack does not play sqs.${call.operation}`,
        )
      return Promise.resolve(answered(operation(queueOf(call), call.input, queues)))
    },
    refuse: (error) => jsonError('com.amazonaws.sqs', error),
  }
}

function answered(output: object): ServiceAnswer {
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(output) }
}

const queueShape = z.union([
  z.object({ QueueUrl: z.string() }).transform(({ QueueUrl }) => QueueUrl),
  z.object({ SourceArn: z.string() }).transform(({ SourceArn }) => SourceArn),
])

/** A queue's URL ends in its name, as its ARN does. */
function nameOf({ input }: AwsCall): string {
  return queueShape.parse(input).split(/[/:]/).at(-1) ?? ''
}

function sent(
  queue: LocalQueue,
  { MessageBody, DelaySeconds, MessageAttributes }: z.infer<typeof messageShape>,
): object {
  if (Buffer.byteLength(MessageBody) > LONGEST_BODY_BYTES)
    throw new CallError(
      'InvalidParameterValue',
      `a message takes up to ${LONGEST_BODY_BYTES} bytes`,
    )
  const message: NewMessage = {
    body: MessageBody,
    attributes: MessageAttributes,
    delaySeconds: DelaySeconds,
  }
  return {
    MessageId: queue.send(message).id,
    MD5OfMessageBody: md5(MessageBody),
    MD5OfMessageAttributes: attributesMd5(MessageAttributes),
  }
}

function sendBatch(queue: LocalQueue, input: unknown): object {
  const { Entries } = batchShape.parse(input)
  const bytes = Entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0)
  if (bytes > LONGEST_BODY_BYTES)
    throw new CallError(
      'BatchRequestTooLong',
      `a batch takes up to ${LONGEST_BODY_BYTES} bytes, got ${bytes}`,
    )
  return {
    Successful: Entries.map(({ Id, ...message }) => ({ Id, ...sent(queue, message) })),
    Failed: [],
  }
}

function receive(queue: LocalQueue, input: unknown): object {
  const { MaxNumberOfMessages, VisibilityTimeout } = receiveShape.parse(input)
  return { Messages: queue.receive(MaxNumberOfMessages, VisibilityTimeout).map(received) }
}

type MoveTask = {
  readonly TaskHandle: string
  readonly Status: 'COMPLETED'
  readonly ApproximateNumberOfMessagesMoved: number
}

/** The latest move task of each queue. */
const moveTasks = new WeakMap<LocalQueue, MoveTask>()

/** Moves the messages that are visible now, all at once. */
function startMoveTask(source: LocalQueue, input: unknown, queues: Queues): object {
  const { DestinationArn } = moveShape.parse(input)
  const destination = [...queues.values()].find(({ definition: { arn } }) => arn === DestinationArn)
  if (destination === undefined)
    throw new CallError('ResourceNotFoundException', 'the destination queue does not exist')
  const messages = source.receive(Infinity)
  for (const { body, attributes, receipt } of messages) {
    destination.send({ body, attributes })
    source.delete(receipt)
  }
  const task = {
    TaskHandle: randomUUID(),
    Status: 'COMPLETED',
    ApproximateNumberOfMessagesMoved: messages.length,
  } as const
  moveTasks.set(source, task)
  return { TaskHandle: task.TaskHandle }
}

/** The attributes of a queue. A delayed message counts as received, since both are hidden. */
function attributesOf(queue: LocalQueue): Readonly<Record<string, string>> {
  const { visible, size, definition } = queue
  return {
    QueueArn: definition.arn,
    ApproximateNumberOfMessages: visible.toString(),
    ApproximateNumberOfMessagesNotVisible: (size - visible).toString(),
    ApproximateNumberOfMessagesDelayed: '0',
  }
}

function received({ id, receipt, body, receives, sentAt }: QueuedMessage): object {
  const Attributes = {
    ApproximateReceiveCount: receives.toString(),
    SentTimestamp: sentAt.toString(),
  }
  return { MessageId: id, ReceiptHandle: receipt, MD5OfBody: md5(body), Body: body, Attributes }
}

function changeVisibility(queue: LocalQueue, input: unknown): object {
  const { ReceiptHandle, VisibilityTimeout } = visibilityShape.parse(input)
  const outcome = queue.changeVisibility(ReceiptHandle, VisibilityTimeout)
  if (outcome === 'unknown')
    throw new CallError(
      'ReceiptHandleIsInvalid',
      'the receipt handle is not that of a message in flight',
    )
  return {}
}
