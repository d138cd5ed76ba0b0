import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { beforeEach, describe, expect, it } from 'vitest'
import { redrive } from '../../bin/operate/redrive.ts'
import type { Deployment } from '../../bin/operate/target.ts'

type Queues = { parked: string[]; sent: string[] }
let queues: Queues
let told: string[]
/** What SQS answers as empty although it is not, and the message that it does not take. */
let odd: { emptyAnswers: number; refused?: string }

beforeEach(() => {
  queues = { parked: [], sent: [] }
  told = []
  odd = { emptyAnswers: 0 }
})

/** A queue of dead letters and the one they came from; what is received is its own receipt. */
function send(command: unknown): Promise<object> {
  if (command instanceof ReceiveMessageCommand) {
    odd.emptyAnswers -= 1
    const some =
      odd.emptyAnswers >= 0 ? [] : queues.parked.slice(0, command.input.MaxNumberOfMessages)
    return Promise.resolve({ Messages: some.map((text) => ({ Body: text, ReceiptHandle: text })) })
  }
  if (command instanceof SendMessageCommand && command.input.MessageBody === odd.refused)
    return Promise.reject(new Error('no answer'))
  if (command instanceof SendMessageCommand) queues.sent.push(command.input.MessageBody ?? '')
  if (command instanceof DeleteMessageCommand)
    queues.parked = queues.parked.filter((text) => text !== command.input.ReceiptHandle)
  return Promise.resolve({})
}

function run() {
  const parkings = [
    {
      name: 'Deliveries',
      queueUrl: 'https://sqs/Deliveries',
      deadLettersUrl: 'https://sqs/DeliveriesDeadLetters',
    },
  ]
  const deployment = { sqs: { send } as unknown as SQSClient, parkings } as unknown as Deployment
  return redrive(deployment, { answer: () => undefined, tell: (line) => void told.push(line) })
}

describe('redrive', () => {
  it('sends each message once and says how many, with progress on many', async () => {
    queues.parked = Array.from({ length: 205 }, (_, index) => `message ${index}`)
    const all = [...queues.parked]

    const { text, json } = await run()

    expect([text, json]).toEqual([
      '205 messages are back in the queue Deliveries.',
      { queues: [{ queue: 'Deliveries', moved: 205 }] },
    ])
    expect([queues.parked, queues.sent]).toEqual([[], all])
    expect(told).toEqual(['overdue: 100 of Deliveries moved', 'overdue: 200 of Deliveries moved'])
  })

  it('says that nothing is parked only when SQS has said so twice', async () => {
    queues.parked = ['late']
    odd.emptyAnswers = 1

    const first = await run()
    const second = await run()

    expect([first.text, second.text]).toEqual([
      '1 message is back in the queue Deliveries.',
      'Nothing is parked.',
    ])
  })

  it('deletes nothing that it could not send', async () => {
    queues.parked = ['one', 'two']
    odd.refused = 'two'

    await expect(run()).rejects.toThrow('no answer')

    expect(queues).toEqual({ parked: ['two'], sent: ['one'] })
  })
})
