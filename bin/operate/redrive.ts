import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import type { Clock } from '../../lambdas/runtime/clock.ts'
import type { CommandAnswer, Terminal } from './command-answer.ts'
import type { Deployment, Parking } from './target.ts'

const POLL_MS = 2000
/** Three hours; SQS goes on after that by itself. */
const MOST_POLLS = 5400

type Task = { readonly name: string; readonly deadLettersArn: string }

/**
 * Sends parked messages once more. SQS moves them, and goes on when this is broken off. A message
 * that SQS moves twice is told once, since deliveries are claimed.
 */
export async function redrive(
  { sqs, parkings }: Pick<Deployment, 'sqs' | 'parkings'>,
  terminal: Terminal,
  clock: Clock,
): Promise<CommandAnswer> {
  if (parkings.length === 0)
    throw new Error(
      'the stack names no queue in its outputs; deploy it again with this version first',
    )
  const tasks = await Promise.all(parkings.map((parking) => startTask(sqs, parking)))
  const queues: { readonly queue: string; readonly moved: number }[] = []
  for (const task of tasks)
    queues.push({ queue: task.name, moved: await movedBy(task, sqs, terminal, clock) })
  const lines = queues
    .filter(({ moved }) => moved > 0)
    .map(
      ({ queue, moved }) =>
        `${moved} ${moved === 1 ? 'message is' : 'messages are'} back in the queue ${queue}.`,
    )
  return { text: lines.length === 0 ? 'Nothing is parked.' : lines.join('\n'), json: { queues } }
}

/** The destination is named, because SQS knows no source of messages that a function parked. */
async function startTask(
  sqs: SQSClient,
  { name, queueUrl, deadLettersUrl }: Parking,
): Promise<Task> {
  const [SourceArn, DestinationArn] = await Promise.all([
    arnOf(sqs, deadLettersUrl),
    arnOf(sqs, queueUrl),
  ])
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }))
  return { name, deadLettersArn: SourceArn }
}

async function arnOf(sqs: SQSClient, QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  if (Attributes?.QueueArn === undefined) throw new Error(`SQS gives no ARN of ${QueueUrl}`)
  return Attributes.QueueArn
}

/** How many messages a task has moved in the end. @throws when it fails, or takes too long. */
async function movedBy(
  { name, deadLettersArn }: Task,
  sqs: SQSClient,
  terminal: Terminal,
  clock: Clock,
): Promise<number> {
  let noted = 0
  for (let poll = 0; poll < MOST_POLLS; poll += 1) {
    const task = await latestTask(sqs, deadLettersArn)
    const moved = task?.ApproximateNumberOfMessagesMoved ?? 0
    if (task?.Status === 'COMPLETED') return moved
    if (task?.Status !== undefined && task.Status !== 'RUNNING')
      throw new Error(
        `SQS moved ${moved} messages of ${name}, then stopped: ${task.FailureReason ?? task.Status}`,
      )
    if (moved > noted) terminal.note(`overdue: ${moved} of ${name} moved`)
    noted = Math.max(noted, moved)
    await clock.waitUntil(clock.now() + POLL_MS)
  }
  throw new Error(`SQS is still moving messages of ${name}`)
}

async function latestTask(
  sqs: SQSClient,
  SourceArn: string,
): Promise<ListMessageMoveTasksResultEntry | undefined> {
  const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))
  return Results?.[0]
}
