import { describe, expect, it } from 'vitest'
import type { Queue } from '../../../lambdas/runtime/queue.ts'
import { Outbox, queueOf } from '../../../lambdas/store/telling/outbox.ts'
import { aDelivery, aWebhook } from '../../support/alerts.ts'

const urls = {
  deliveries: 'https://sqs.example.com/1/Overdue-Deliveries-A',
  webhooks: 'https://sqs.example.com/1/Overdue-Webhooks-B',
  requests: 'https://sqs.example.com/1/Overdue-Requests-C',
}

const callsHost = ({ kind }: { readonly kind: string }) => kind === 'webhook'

function anOutbox() {
  const calls: (readonly [url: string, count: number])[] = []
  const queueAt = (url: string): Queue => ({
    send: (messages) => Promise.resolve(void calls.push([url, messages.length])),
    postpone: () => Promise.resolve(void calls.push([url, 0])),
    forward: () => Promise.reject(new Error('an outbox forwards nothing')),
    depth: () => Promise.reject(new Error('nobody asks an outbox for its depth')),
  })
  return { outbox: new Outbox(queueAt, urls, callsHost), calls }
}

describe('Outbox', () => {
  it('keeps calls to webhooks apart from everything else', async () => {
    const { outbox, calls } = anOutbox()

    await outbox.send([aDelivery(), aDelivery({ channel: aWebhook() }), aDelivery()])
    await outbox.send([aDelivery()])

    expect(calls).toEqual([
      [urls.deliveries, 2],
      [urls.webhooks, 1],
      [urls.deliveries, 1],
    ])
  })

  it.each([
    ['Overdue-Deliveries-A', urls.deliveries],
    ['Overdue-Webhooks-B', urls.webhooks],
    ['Overdue-Requests-C', urls.requests],
  ])('puts a message off in the queue that it came from: %s', async (name, url) => {
    const { outbox, calls } = anOutbox()

    await outbox.postpone(
      { eventSourceARN: `arn:aws:sqs:us-east-1:1:${name}`, receiptHandle: 'receipt' },
      10,
    )

    expect(calls).toEqual([[url, 0]])
  })

  it.each([
    ['Overdue-Deliveries-A', 'deliveries'],
    ['Overdue-Webhooks-B', 'webhooks'],
    ['Overdue-Requests-C', 'requests'],
  ])('tells of a message the queue that it came from: %s', (name, source) => {
    expect(queueOf(urls, `arn:aws:sqs:us-east-1:1:${name}`)).toBe(source)
  })
})
