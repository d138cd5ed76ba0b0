import { type SendMessageBatchCommand, type SendMessageBatchResult, SQSClient } from '@aws-sdk/client-sqs'
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

  it('throws when a message stays unsent', async () => {
    const { client, sent } = aClient([['0'], ['0'], ['0']])

    const sending = new Queue(client, url).send([{ n: 0 }, { n: 1 }])

    await expect(sending).rejects.toThrow('SQS left 1 messages unsent after 3 tries: ServiceUnavailable')
    expect(sent).toHaveLength(3)
  })
})

/** A client whose answers name the ids that failed, call by call, and the messages that it was asked to send. */
function aClient(failures: readonly (readonly string[])[] = []): {
  readonly client: SQSClient
  readonly sent: unknown[][]
  readonly bodies: string[]
} {
  const sent: unknown[][] = []
  const bodies: string[] = []
  const send = ({ input }: SendMessageBatchCommand): Promise<Partial<SendMessageBatchResult>> => {
    const failed = failures[sent.length] ?? []
    bodies.push(...(input.Entries ?? []).map((entry) => entry.MessageBody ?? ''))
    sent.push((input.Entries ?? []).map((entry) => JSON.parse(entry.MessageBody ?? '') as unknown))
    return Promise.resolve({ Failed: failed.map((Id) => ({ Id, SenderFault: false, Code: 'ServiceUnavailable' })) })
  }
  return { client: Object.assign(new SQSClient({ region: 'us-east-1' }), { send }), sent, bodies }
}
