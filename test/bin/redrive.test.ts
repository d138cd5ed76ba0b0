import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { beforeEach, describe, expect, it } from 'vitest'
import { redrive } from '../../bin/operate/redrive.ts'

type Seen = Partial<ListMessageMoveTasksResultEntry>
/** What SQS answers of each queue, one poll after the other. */
let seen: Record<string, Seen[]>
let started: object[]
let notes: string[]
let now: number

beforeEach(() => {
  seen = {}
  started = []
  notes = []
  now = 0
})

function send(command: unknown): Promise<object> {
  if (command instanceof GetQueueAttributesCommand) {
    const name = command.input.QueueUrl?.split('/').at(-1)
    return Promise.resolve({ Attributes: { QueueArn: `arn:${name}` } })
  }
  if (command instanceof StartMessageMoveTaskCommand) started.push(command.input)
  if (command instanceof ListMessageMoveTasksCommand) {
    const task = seen[command.input.SourceArn?.replace('arn:', '') ?? '']?.shift()
    return Promise.resolve({ Results: task === undefined ? [] : [task] })
  }
  return Promise.resolve({})
}

function run(...names: readonly string[]) {
  const parkings = names.map((name) => ({
    name,
    queueUrl: `https://sqs/${name}`,
    deadLettersUrl: `https://sqs/${name}DeadLetters`,
  }))
  return redrive(
    { sqs: { send } as unknown as SQSClient, parkings },
    { answer: () => undefined, note: (line) => void notes.push(line) },
    { now: () => now, waitUntil: (at) => Promise.resolve(void (now = at)) },
  )
}

function running(ApproximateNumberOfMessagesMoved: number): Seen {
  return { Status: 'RUNNING', ApproximateNumberOfMessagesMoved }
}

function completed(ApproximateNumberOfMessagesMoved: number): Seen {
  return { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved }
}

describe('redrive', () => {
  it('has SQS move each queue of dead letters to its queue', async () => {
    seen = { FlipsDeadLetters: [completed(1)], DeliveriesDeadLetters: [completed(0)] }

    const { text, json } = await run('Flips', 'Deliveries')

    expect(started).toEqual([
      { SourceArn: 'arn:FlipsDeadLetters', DestinationArn: 'arn:Flips' },
      { SourceArn: 'arn:DeliveriesDeadLetters', DestinationArn: 'arn:Deliveries' },
    ])
    expect([text, json]).toEqual([
      '1 message is back in the queue Flips.',
      {
        queues: [
          { queue: 'Flips', moved: 1 },
          { queue: 'Deliveries', moved: 0 },
        ],
      },
    ])
  })

  it('waits until SQS is done, and says how far it is', async () => {
    const steps = [running(0), running(100), running(100), running(200), completed(205)]
    seen = { DeliveriesDeadLetters: steps }

    const { text } = await run('Deliveries')

    expect(text).toBe('205 messages are back in the queue Deliveries.')
    expect(notes).toEqual(['overdue: 100 of Deliveries moved', 'overdue: 200 of Deliveries moved'])
    expect(now).toBe(8000)
  })

  it('says that nothing is parked', async () => {
    seen = { DeliveriesDeadLetters: [completed(0)] }

    expect((await run('Deliveries')).text).toBe('Nothing is parked.')
  })

  it('says why SQS has stopped, and what it had moved', async () => {
    const failed = { ...running(7), Status: 'FAILED', FailureReason: 'AccessDenied' }
    seen = { DeliveriesDeadLetters: [running(3), failed] }

    await expect(run('Deliveries')).rejects.toThrow(
      'SQS moved 7 messages of Deliveries, then stopped: AccessDenied',
    )
  })

  it('gives up on a task that never ends', async () => {
    seen = { DeliveriesDeadLetters: Array.from({ length: 6000 }, () => running(1)) }

    await expect(run('Deliveries')).rejects.toThrow('SQS is still moving messages of Deliveries')
  })

  it('names what to do where the stack names no queue', async () => {
    await expect(run()).rejects.toThrow('the stack names no queue in its outputs')
  })
})
