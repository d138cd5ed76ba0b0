import * as z from 'zod'
import { alertEventOf } from '../domain/telling/alert-event.ts'
import type { ChannelBase } from '../domain/telling/channel.ts'
import { messageOf } from '../domain/telling/message.ts'
import type { Outcome } from './outcome.ts'
import type { DeliveryTo, Sender, SenderMeans } from './sender.ts'
import { textOf } from './email/email-text.ts'
import { type AllowedArns, arn, type ChannelForm } from './form.ts'
import { type ChannelKind, storedBase } from './kind.ts'

/** An SNS topic of the account that Overdue runs in. */
export type TopicChannel = ChannelBase & { readonly kind: 'sns'; readonly topicArn: string }

export const kind = {
  kind: 'sns',
  title: 'Amazon SNS',
  stored: () => z.object({ ...storedBase(), kind: z.literal('sns'), topicArn: z.string() }),
  form: () => form,
} as const satisfies ChannelKind<TopicChannel>

const topicArn = /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/

const form: ChannelForm<Pick<TopicChannel, 'topicArn'>> = {
  fields,
  request: (allowed) =>
    z.object(fields(allowed)).transform((given) => ({ topicArn: given.topic_arn })),
  given: (channel) => ({ topic_arn: channel.topicArn }),
  questions: [
    {
      field: 'topic_arn',
      help: 'a topic that the operator of this deployment allows',
      example: 'arn:aws:sns:eu-central-1:123456789012:alerts',
      isNeeded: true,
      isSecret: false,
    },
  ],
  shown: () => ({ topic_arn: z.string().describe('Of kind sns') }),
}

function fields({ topicArns }: Pick<AllowedArns, 'topicArns'>) {
  return {
    topic_arn: arn(topicArn, topicArns).describe(
      'Of kind sns: a topic that the operator of this deployment allows',
    ),
  }
}

const SUBJECT_LENGTH = 99

/** Publishes alerts to SNS topics: words for people who are subscribed, an event for programs. */
export const makeSender = ({ post }: Pick<SenderMeans, 'post'>): Sender<TopicChannel> => ({
  /**
   * Refuses a missing topic.
   * @throws for everything else that SNS objects to: policies and keys can be mended.
   */
  async send({ alert, channel, isTest }: DeliveryTo<TopicChannel>, now: number): Promise<Outcome> {
    const message = messageOf(alert, now)
    const event = JSON.stringify(alertEventOf(alert, { now, isTest: isTest ?? false }))
    const texts = {
      default: textOf(message),
      sms: `${message.subject}: ${message.summary}`,
      sqs: event,
      lambda: event,
      http: event,
      https: event,
    }
    const form = new URLSearchParams({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: channel.topicArn,
      Subject: subjectOf(message.subject),
      MessageStructure: 'json',
      Message: JSON.stringify(texts),
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const { status, text } = await post('sns', { headers, body: form.toString() })
    if (status === 200) return { kind: 'sent' }
    const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? 'unknown error'
    if (code === 'NotFound') return { kind: 'refused', reason: 'the topic does not exist' }
    throw new Error(`SNS answered ${status} ${code}`)
  },
})

/** SNS takes printable ASCII, less than 100 characters of it. */
function subjectOf(subject: string): string {
  return subject.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_LENGTH)
}
