import { alertEventOf } from '../domain/telling/alert-event.ts'
import type { TopicChannel } from '../domain/telling/channel.ts'
import { messageOf } from '../domain/telling/message.ts'
import type { AwsPost } from '../runtime/aws-post.ts'
import type { DeliveryTo, Outcome, Sender } from './channel.ts'
import { textOf } from './email/email-text.ts'

const SUBJECT_LENGTH = 99

/** Publishes alerts to SNS topics: words for people who are subscribed, an event for programs. */
export class TopicSender implements Sender<TopicChannel> {
  readonly #post: AwsPost

  constructor(post: AwsPost) {
    this.#post = post
  }

  /**
   * A topic that is not there is refused. @throws for everything else that SNS objects to: policies
   * and keys can be mended.
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
    const { status, text } = await this.#post('sns', { headers, body: form.toString() })
    if (status === 200) return { kind: 'sent' }
    const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? 'unknown error'
    if (code === 'NotFound') return { kind: 'refused', reason: 'the topic does not exist' }
    throw new Error(`SNS answered ${status} ${code}`)
  }
}

/** SNS takes printable ASCII, less than 100 characters of it. */
function subjectOf(subject: string): string {
  return subject.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_LENGTH)
}
