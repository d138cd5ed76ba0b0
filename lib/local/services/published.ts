import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { jsonError, type AwsCall, type AwsService } from './aws-call.ts'

/** A message published to SNS, or an event put to EventBridge. */
export type Publication = {
  readonly to: string
  readonly content: unknown
  readonly sentAt: string
}

/** What was published to topics and buses, oldest first. */
export class Published {
  #all: Publication[] = []

  get all(): readonly Publication[] {
    return this.#all
  }

  put(publication: Publication): void {
    this.#all.push(publication)
  }

  clear(): void {
    this.#all = []
  }
}

const messageShape = z.object({
  TopicArn: z.string(),
  Subject: z.string().min(1).max(99),
  Message: z.string().min(1),
})

/** Plays SNS. Messages are kept for the control call, not passed on. Every topic exists. */
export function makeSnsService(published: Published, clock: { now(): number }): AwsService {
  return {
    accesses: ({ operation, input }) => [
      { action: `sns:${operation}`, resource: messageShape.parse(input).TopicArn },
    ],
    resources: ({ input }) => [messageShape.parse(input).TopicArn],
    perform: ({ input }) => {
      const { TopicArn: to, Subject: subject, Message } = messageShape.parse(input)
      published.put({
        to,
        content: { subject, message: JSON.parse(Message) as unknown },
        sentAt: new Date(clock.now()).toISOString(),
      })
      const body = `<PublishResponse><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult></PublishResponse>`
      return Promise.resolve({ status: 200, headers: xml, body })
    },
    refuse: ({ name, message, status }) => ({
      status,
      headers: xml,
      body: `<ErrorResponse><Error><Code>${name}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    }),
  }
}

const xml = { 'content-type': 'text/xml' }

const eventsShape = z.object({
  Entries: z
    .array(
      z.object({
        Source: z.string(),
        DetailType: z.string(),
        Detail: z.string(),
        EventBusName: z.string(),
      }),
    )
    .min(1)
    .max(10),
})

/** Plays EventBridge in the same way. */
export function makeEventsService(published: Published, clock: { now(): number }): AwsService {
  const entriesOf = ({ input }: AwsCall) => eventsShape.parse(input).Entries
  return {
    accesses: (call) =>
      entriesOf(call).map(({ EventBusName, Source }) => ({
        action: `events:${call.operation}`,
        resource: EventBusName,
        context: { 'events:source': [Source] },
      })),
    resources: (call) => [...new Set(entriesOf(call).map(({ EventBusName }) => EventBusName))],
    perform: (call) => {
      const entries = entriesOf(call)
      for (const { EventBusName: to, Source: source, DetailType: type, Detail } of entries) {
        published.put({
          to,
          content: { source, type, detail: JSON.parse(Detail) as unknown },
          sentAt: new Date(clock.now()).toISOString(),
        })
      }
      const body = JSON.stringify({
        FailedEntryCount: 0,
        Entries: entries.map(() => ({ EventId: randomUUID() })),
      })
      return Promise.resolve({
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body,
      })
    },
    refuse: (error) => jsonError('com.amazonaws.events', error),
  }
}
