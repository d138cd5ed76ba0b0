import { describe, expect, it } from 'vitest'
import { makeSender, type TopicChannel } from '../../lambdas/channels/sns.ts'
import { aChannel, aDelivery, anAlert, deadline } from '../support/alerts.ts'
import { anAws } from '../support/aws-post.ts'
import { aCheck } from '../support/builders.ts'

const { address: _, verification: __, ...base } = aChannel()
const topic: TopicChannel = {
  ...base,
  kind: 'sns',
  topicArn: 'arn:aws:sns:us-east-1:123456789012:alerts',
}

describe('the sender to SNS', () => {
  it('publishes words for people and an event for programs', async () => {
    const { post, posts } = anAws({ status: 200, text: '' })
    const alert = anAlert({ check: aCheck({ name: 'Sicherung für\nHeim' }) })

    const outcome = await makeSender({ post }).send(aDelivery({ alert, channel: topic }), deadline)

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
      makeSender({ post: error(code) }).send(aDelivery({ channel: topic }), deadline)

    expect(await send('NotFound')).toMatchObject({ kind: 'refused' })
    await expect(send('AuthorizationError')).rejects.toThrow('AuthorizationError')
  })
})
