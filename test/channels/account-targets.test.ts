import { describe, expect, it } from 'vitest'
import type { AwsAnswer, Post } from '../../lambdas/runtime/aws-post.ts'
import { BusSender } from '../../lambdas/channels/eventbridge.ts'
import { TopicSender } from '../../lambdas/channels/sns.ts'
import type { BusChannel, TopicChannel } from '../../lambdas/domain/telling/channel.ts'
import { aChannel, aDelivery, anAlert, deadline } from '../support/alerts.ts'
import { aCheck } from '../support/builders.ts'

const { address: _, verification: __, kind: ___, ...base } = aChannel()
const topic: TopicChannel = {
  ...base,
  kind: 'sns',
  topicArn: 'arn:aws:sns:us-east-1:123456789012:alerts',
}
const bus: BusChannel = {
  ...base,
  kind: 'eventbridge',
  busArn: 'arn:aws:events:us-east-1:123456789012:event-bus/default',
}

/** AWS that answers so, and what it was asked. */
function anAws(answer: AwsAnswer) {
  const posts: (Post & { readonly service: string })[] = []
  return {
    posts,
    post: (service: string, post: Post) =>
      Promise.resolve((posts.push({ service, ...post }), answer)),
  }
}

describe('TopicSender', () => {
  it('publishes words for people and an event for programs', async () => {
    const { post, posts } = anAws({ status: 200, text: '' })
    const alert = anAlert({ check: aCheck({ name: 'Sicherung für\nHeim' }) })

    const outcome = await new TopicSender(post).send(aDelivery({ alert, channel: topic }), deadline)

    const form = new URLSearchParams(posts[0]?.body)
    const texts = JSON.parse(form.get('Message') ?? '') as Record<string, string>
    expect(outcome).toEqual({ kind: 'sent' })
    expect(posts[0]?.service).toBe('sns')
    expect(Object.fromEntries(form)).toMatchObject({
      Action: 'Publish',
      TopicArn: topic.topicArn,
      Subject: 'DOWN | Sicherung f?r Heim',
    })
    expect(texts['default']).toContain('is DOWN')
    expect(JSON.parse(texts['sqs'] ?? '')).toMatchObject({
      status: 'down',
      reason: 'timeout',
      check: { name: 'Sicherung für\nHeim' },
      test: false,
    })
  })

  it('refuses a topic that is not there, and throws for the rest', async () => {
    const error = (code: string) =>
      anAws({ status: 403, text: `<Error><Code>${code}</Code></Error>` }).post
    const send = (code: string) =>
      new TopicSender(error(code)).send(aDelivery({ channel: topic }), deadline)

    expect(await send('NotFound')).toMatchObject({ kind: 'refused' })
    await expect(send('AuthorizationError')).rejects.toThrow('AuthorizationError')
  })
})

describe('BusSender', () => {
  it('puts an event, dated with the flip', async () => {
    const { post, posts } = anAws({
      status: 200,
      text: '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}',
    })

    const outcome = await new BusSender(post).send(
      aDelivery({ channel: bus, isTest: true }),
      deadline,
    )

    const { Entries } = JSON.parse(posts[0]?.body ?? '') as { Entries: { Detail: string }[] }
    expect(outcome).toEqual({ kind: 'sent' })
    expect(posts[0]?.service).toBe('events')
    expect(Entries).toMatchObject([
      {
        Source: 'overdue',
        DetailType: 'Check Down',
        EventBusName: bus.busArn,
        Time: deadline / 1000,
      },
    ])
    expect(JSON.parse(Entries[0]?.Detail ?? '')).toMatchObject({
      check: { uuid: aCheck().id },
      status: 'down',
      test: true,
    })
  })

  it('refuses a bus that is not there, and throws for the rest', async () => {
    const send = (answer: AwsAnswer) =>
      new BusSender(anAws(answer).post).send(aDelivery({ channel: bus }), deadline)

    expect(
      await send({ status: 400, text: '{"__type":"ResourceNotFoundException"}' }),
    ).toMatchObject({ kind: 'refused' })
    await expect(send({ status: 500, text: '' })).rejects.toThrow('500')
    await expect(
      send({
        status: 200,
        text: '{"FailedEntryCount":1,"Entries":[{"ErrorCode":"InternalFailure"}]}',
      }),
    ).rejects.toThrow('InternalFailure')
  })
})
