import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import type { CommandAnswer, Terminal } from './command-answer.ts'
import type { Deployment, Parking } from './target.ts'

const MOST_AT_ONCE = 10
const MOST_ROUNDS = 100_000
/**
 * SQS may answer that a queue is empty while it is not: that much it is asked to look, and so often
 * in a row it has to say so.
 */
const LOOK_SECONDS = 2
const EMPTY_ANSWERS = 2
/** Long enough for a message to be sent on and deleted. */
const HIDDEN_SECONDS = 60
const PROGRESS_EVERY = 100

type Moved = { readonly queue: string; readonly moved: number }

/**
 * Sends what is parked once more: each message goes to its queue before it is deleted where it was
 * parked, so that none is lost when this is broken off. One that went both ways is told once, as
 * deliveries are claimed.
 */
export async function redrive(deployment: Deployment, terminal: Terminal): Promise<CommandAnswer> {
  const { parkings } = deployment
  if (parkings.length === 0)
    throw new Error(
      'the stack names no queue in its outputs; deploy it again with this version first',
    )
  const queues: Moved[] = []
  for (const parking of parkings)
    queues.push({ queue: parking.name, moved: await moveAll(deployment, parking, terminal) })
  const moved = queues.filter((each) => each.moved > 0)
  const text =
    moved.length === 0
      ? 'Nothing is parked.'
      : moved
          .map(
            (each) =>
              `${each.moved} ${each.moved === 1 ? 'message is' : 'messages are'} back in the queue ${each.queue}.`,
          )
          .join('\n')
  return { text, json: { queues } }
}

async function moveAll(
  { sqs }: Deployment,
  { name, queueUrl, deadLettersUrl }: Parking,
  terminal: Terminal,
): Promise<number> {
  const receive = new ReceiveMessageCommand({
    QueueUrl: deadLettersUrl,
    MaxNumberOfMessages: MOST_AT_ONCE,
    WaitTimeSeconds: LOOK_SECONDS,
    VisibilityTimeout: HIDDEN_SECONDS,
    MessageAttributeNames: ['All'],
  })
  let moved = 0
  let empty = 0
  for (let round = 0; round < MOST_ROUNDS && empty < EMPTY_ANSWERS; round += 1) {
    const { Messages = [] } = await sqs.send(receive)
    empty = Messages.length === 0 ? empty + 1 : 0
    await Promise.all(Messages.map(move))
    const before = moved
    moved += Messages.length
    if (Math.floor(moved / PROGRESS_EVERY) > Math.floor(before / PROGRESS_EVERY))
      terminal.tell(`overdue: ${moved} of ${name} moved`)
  }
  return moved

  async function move({ Body, MessageAttributes, ReceiptHandle }: Message): Promise<void> {
    const attributes = MessageAttributes === undefined ? {} : { MessageAttributes }
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: Body, ...attributes }))
    await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle }))
  }
}
