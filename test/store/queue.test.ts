import {
  type SendMessageBatchCommand,
  type SendMessageBatchResult,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { Queue } from '../../lambdas/store/queue.ts'

const url = 'https://sqs.example/queue'

describe('Queue', () => {
  it('sends ten messages a batch', async () => {
    const { client, sent } = aClient()

    await new Queue(client, url).send(Array.from({ length: 23 }, (_, n) => ({ n })))

    expect(sent.map((batch) => batch.length)).toEqual([10, 10, 3])
    expect(sent.flat()).toEqual(Array.from({ length: 23 }, (_, n) => ({ n })))
  })

  it('sends characters that SQS refuses as escapes, which read the same', async () => {
    const { client, sent, bodies } = aClient()
    const message = { name: 'a\uFFFFb\uFFFE' }

    await new Queue(client, url).send([message])

    expect(sent).toEqual([[message]])
    expect(bodies.join()).not.toMatch(/[\uFFFE\uFFFF]/)
  })

  it('keeps a batch below what SQS takes at once', async () => {
    const { client, sent } = aClient()
    const text = 'é'.repeat(200_000)

    await new Queue(client, url).send([{ text }, { text }, { text }, { n: 1 }])

    expect(sent.map((batch) => batch.length)).toEqual([2, 2])
  })

  it('asks nothing of SQS when there is nothing to send', async () => {
    const { client, sent } = aClient()

    await new Queue(client, url).send([])

    expect(sent).toEqual([])
  })

  it('sends again what SQS left unsent, and only that', async () => {
    const { client, sent } = aClient([['1']])

    await new Queue(client, url).send([{ n: 0 }, { n: 1 }, { n: 2 }])

    expect(sent).toEqual([[{ n: 0 }, { n: 1 }, { n: 2 }], [{ n: 1 }]])
  })

  it('has messages to be had after so many seconds, those of the first try and those that are sent again', async () => {
    const { client, delays } = aClient([['1']])

    await new Queue(client, url).send([{ n: 0 }, { n: 1 }], 50)
    await new Queue(client, url).send([{ n: 2 }])

    expect(delays).toEqual([50, 50, 50, undefined])
  })

  it('puts a message off that was received', async () => {
    const asked: object[] = []
    const client = answering(asked, {})

    await new Queue(client, url).postpone('receipt', 80)

    expect(asked).toEqual([{ QueueUrl: url, ReceiptHandle: 'receipt', VisibilityTimeout: 80 }])
  })

  it('is as deep as what waits, what is being worked on and what was put off', async () => {
    const counts = {
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '20',
      ApproximateNumberOfMessagesDelayed: '300',
    }
    const asked: { AttributeNames?: readonly string[] }[] = []
    const client = answering(asked, { Attributes: counts })

    expect(await new Queue(client, url).depth()).toBe(321)
    expect(asked.flatMap(({ AttributeNames = [] }) => AttributeNames)).toEqual(Object.keys(counts))
  })

  it('throws when a message stays unsent', async () => {
    const { client, sent } = aClient([['0'], ['0'], ['0']])

    const sending = new Queue(client, url).send([{ n: 0 }, { n: 1 }])

    await expect(sending).rejects.toThrow(
      'SQS left 1 messages unsent after 3 tries: ServiceUnavailable',
    )
    expect(sent).toHaveLength(3)
  })
})

/**
 * A client whose answers name the ids that failed, call by call, and the messages that it was asked
 * to send, with their delays.
 */
function aClient(failures: readonly (readonly string[])[] = []): {
  readonly client: SQSClient
  readonly sent: unknown[][]
  readonly bodies: string[]
  readonly delays: (number | undefined)[]
} {
  const sent: unknown[][] = []
  const bodies: string[] = []
  const delays: (number | undefined)[] = []
  const send = ({ input }: SendMessageBatchCommand): Promise<Partial<SendMessageBatchResult>> => {
    const failed = failures[sent.length] ?? []
    bodies.push(...(input.Entries ?? []).map((entry) => entry.MessageBody ?? ''))
    delays.push(...(input.Entries ?? []).map((entry) => entry.DelaySeconds))
    sent.push((input.Entries ?? []).map((entry) => JSON.parse(entry.MessageBody ?? '') as unknown))
    return Promise.resolve({
      Failed: failed.map((Id) => ({ Id, SenderFault: false, Code: 'ServiceUnavailable' })),
    })
  }
  return {
    client: Object.assign(new SQSClient({ region: 'us-east-1' }), { send }),
    sent,
    bodies,
    delays,
  }
}

/** A client that notes what it is asked, and has one answer. */
function answering(asked: object[], answer: object): SQSClient {
  const send = ({ input }: { readonly input: object }) =>
    Promise.resolve(void asked.push(input)).then(() => answer)
  return Object.assign(new SQSClient({ region: 'us-east-1' }), { send })
}
