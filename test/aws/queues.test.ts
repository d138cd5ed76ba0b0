import * as sdk from '@aws-sdk/client-sqs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeQueues, type QueueCall, queuesOver } from '../../lambdas/aws/queues.ts'
import { usualLimits } from '../../lambdas/runtime/bounded-calls.ts'
import type { Queue } from '../../lambdas/runtime/queue.ts'
import { listenAndNote, type NotingService } from '../support/noting-service.ts'

const url = 'https://sqs.example/queue'

describe('a queue', () => {
  it('sends ten messages a batch', async () => {
    const { call, sent } = aCall()

    await queueOver(call).send(Array.from({ length: 23 }, (_, n) => ({ n })))

    expect(sent.map((batch) => batch.length)).toEqual([10, 10, 3])
    expect(sent.flat()).toEqual(Array.from({ length: 23 }, (_, n) => ({ n })))
  })

  it('sends characters that SQS refuses as escapes, which read the same', async () => {
    const { call, sent, bodies } = aCall()
    const message = { name: 'a\uFFFFb\uFFFE' }

    await queueOver(call).send([message])

    expect(sent).toEqual([[message]])
    expect(bodies.join()).not.toMatch(/[\uFFFE\uFFFF]/)
  })

  it('keeps a batch below what SQS takes at once', async () => {
    const { call, sent } = aCall()
    const text = 'é'.repeat(200_000)

    await queueOver(call).send([{ text }, { text }, { text }, { n: 1 }])

    expect(sent.map((batch) => batch.length)).toEqual([2, 2])
  })

  it('asks nothing of SQS when there is nothing to send', async () => {
    const { call, sent } = aCall()

    await queueOver(call).send([])

    expect(sent).toEqual([])
  })

  it('sends again what SQS left unsent, and only that', async () => {
    const { call, sent } = aCall([['1']])

    await queueOver(call).send([{ n: 0 }, { n: 1 }, { n: 2 }])

    expect(sent).toEqual([[{ n: 0 }, { n: 1 }, { n: 2 }], [{ n: 1 }]])
  })

  it('has messages to be had after so many seconds, those of the first try and those that are sent again', async () => {
    const { call, delays } = aCall([['1']])

    await queueOver(call).send([{ n: 0 }, { n: 1 }], 50)
    await queueOver(call).send([{ n: 2 }])

    expect(delays).toEqual([50, 50, 50, undefined])
  })

  it('puts a message off that was received', async () => {
    const asked: object[] = []
    const call = answering(asked, {})

    await queueOver(call).postpone('receipt', 80)

    expect(asked).toEqual([{ QueueUrl: url, ReceiptHandle: 'receipt', VisibilityTimeout: 80 }])
  })

  it('is as deep as what waits, what is being worked on and what was put off', async () => {
    const counts = {
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '20',
      ApproximateNumberOfMessagesDelayed: '300',
    }
    const asked: { AttributeNames?: readonly string[] }[] = []
    const call = answering(asked, { Attributes: counts })

    expect(await queueOver(call).depth()).toBe(321)
    expect(asked.flatMap(({ AttributeNames = [] }) => AttributeNames)).toEqual(Object.keys(counts))
  })

  it('throws when a message stays unsent', async () => {
    const { call, sent } = aCall([['0'], ['0'], ['0']])

    const sending = queueOver(call).send([{ n: 0 }, { n: 1 }])

    await expect(sending).rejects.toThrow(
      'SQS left 1 messages unsent after 3 tries: ServiceUnavailable',
    )
    expect(sent).toHaveLength(3)
  })
})

describe('SQS', () => {
  let service: NotingService | undefined
  afterEach(() => service?.stop())

  const serving = async (answer: string, options?: Parameters<typeof listenAndNote>[1]) => {
    service = await listenAndNote(answer, options)
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', service.url)
    return service
  }

  type Ask = { readonly own: (queue: Queue) => Promise<unknown>; readonly sdk: SdkAsk }
  type SdkAsk = (client: sdk.SQSClient) => Promise<unknown>
  const QueueUrl = url

  it.each<[string, Ask]>([
    [
      'for sending',
      {
        own: (queue) => queue.send([{ name: 'a\uFFFF' }, {}], 5),
        sdk: (client) =>
          client.send(
            new sdk.SendMessageBatchCommand({
              QueueUrl,
              Entries: [
                { Id: '0', MessageBody: '{"name":"a\\uffff"}', DelaySeconds: 5 },
                { Id: '1', MessageBody: '{}', DelaySeconds: 5 },
              ],
            }),
          ),
      },
    ],
    [
      'for forwarding',
      {
        own: (queue) => queue.forward('no JSON ☎'),
        sdk: (client) =>
          client.send(
            new sdk.SendMessageBatchCommand({
              QueueUrl,
              Entries: [{ Id: '0', MessageBody: 'no JSON ☎' }],
            }),
          ),
      },
    ],
    [
      'for the depth',
      {
        own: (queue) => queue.depth(),
        sdk: (client) =>
          client.send(
            new sdk.GetQueueAttributesCommand({
              QueueUrl,
              AttributeNames: [
                'ApproximateNumberOfMessages',
                'ApproximateNumberOfMessagesNotVisible',
                'ApproximateNumberOfMessagesDelayed',
              ],
            }),
          ),
      },
    ],
    [
      'for putting off',
      {
        own: (queue) => queue.postpone('receipt', 80),
        sdk: (client) =>
          client.send(
            new sdk.ChangeMessageVisibilityCommand({
              QueueUrl,
              ReceiptHandle: 'receipt',
              VisibilityTimeout: 80,
            }),
          ),
      },
    ],
  ])('is asked as the SDK asks it %s', async (_, ask) => {
    const { asked, url: endpoint } = await serving('{}')

    await ask.own(makeQueues()(url))
    await ask.sdk(new sdk.SQSClient({ endpoint }))

    expect(asked[0]).toMatchObject({ method: 'POST', scope: 'us-east-1/sqs/aws4_request' })
    expect(asked[1]).toEqual(asked[0])
  })

  it('tells which messages it did not take', async () => {
    const { asked } = await serving(
      '{"Successful":[],"Failed":[{"Id":"0","Code":"InternalError"}]}',
    )

    await expect(makeQueues()(url).send([{}])).rejects.toThrow('tries: InternalError')
    expect(asked).toHaveLength(3)
  })

  it('may answer a change with nothing', async () => {
    await serving('')

    await expect(makeQueues()(url).postpone('receipt', 80)).resolves.toBeUndefined()
  })

  it('is asked as often as is usual, unless it is said otherwise', async () => {
    const { asked } = await serving('{}', { status: 500 })

    await expect(makeQueues()(url).depth()).rejects.toThrow()
    expect(asked).toHaveLength(usualLimits.maxAttempts)

    await expect(makeQueues({ ...usualLimits, maxAttempts: 1 })(url).depth()).rejects.toThrow()
    expect(asked).toHaveLength(usualLimits.maxAttempts + 1)
  })
})

/**
 * A call whose answers name the ids that failed, time by time, and the messages that it was asked
 * to send, with their delays.
 */
function aCall(failures: readonly (readonly string[])[] = []): {
  readonly call: QueueCall
  readonly sent: unknown[][]
  readonly bodies: string[]
  readonly delays: (number | undefined)[]
} {
  const sent: unknown[][] = []
  const bodies: string[] = []
  const delays: (number | undefined)[] = []
  const call: QueueCall = (_, input) => {
    const { Entries = [] } = input as sdk.SendMessageBatchCommandInput
    const failed = failures[sent.length] ?? []
    bodies.push(...Entries.map((entry) => entry.MessageBody ?? ''))
    delays.push(...Entries.map((entry) => entry.DelaySeconds))
    sent.push(Entries.map((entry) => JSON.parse(entry.MessageBody ?? '') as unknown))
    return Promise.resolve({
      Failed: failed.map((Id) => ({ Id, SenderFault: false, Code: 'ServiceUnavailable' })),
    })
  }
  return { call, sent, bodies, delays }
}

/** A call that notes what it is asked, and has one answer. */
function answering(asked: object[], answer: object): QueueCall {
  return (_, input) => Promise.resolve(void asked.push(input)).then(() => answer)
}

function queueOver(call: QueueCall): Queue {
  return queuesOver(call)(url)
}
