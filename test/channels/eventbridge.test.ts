import { describe, expect, it } from 'vitest'
import { type BusChannel, makeSender } from '../../lambdas/channels/eventbridge.ts'
import type { AwsAnswer } from '../../lambdas/runtime/aws-post.ts'
import { aChannel, aDelivery, deadline } from '../support/alerts.ts'
import { anAws } from '../support/aws-post.ts'
import { aCheck } from '../support/builders.ts'

const { address: _, verification: __, ...base } = aChannel()
const bus: BusChannel = {
  ...base,
  kind: 'eventbridge',
  busArn: 'arn:aws:events:us-east-1:123456789012:event-bus/default',
}

describe('the sender to EventBridge', () => {
  it('puts an event, dated with the flip', async () => {
    const { post, posts } = anAws({
      status: 200,
      text: '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}',
    })

    const outcome = await makeSender({ post }).send(
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
      makeSender({ post: anAws(answer).post }).send(aDelivery({ channel: bus }), deadline)

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
