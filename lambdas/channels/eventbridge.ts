import * as z from 'zod'
import { alertEventOf } from '../domain/telling/alert-event.ts'
import type { BusChannel } from '../domain/telling/channel.ts'
import type { AwsPost } from '../runtime/aws-post.ts'
import type { DeliveryTo, Outcome, Sender } from './channel.ts'

const answerShape = z.object({
  FailedEntryCount: z.number().default(0),
  Entries: z.array(z.object({ ErrorCode: z.string().optional() })).default([]),
})

/** Puts alerts on EventBridge buses. The function's role lets it speak as this source only. */
export class BusSender implements Sender<BusChannel> {
  readonly #post: AwsPost

  constructor(post: AwsPost) {
    this.#post = post
  }

  /**
   * A bus that is not there is refused. @throws for everything else that EventBridge objects to.
   */
  async send({ alert, channel, isTest }: DeliveryTo<BusChannel>, now: number): Promise<Outcome> {
    const entry = {
      Source: 'overdue',
      DetailType: alert.flip.status === 'down' ? 'Check Down' : 'Check Up',
      EventBusName: channel.busArn,
      Time: Math.floor(alert.flip.at / 1000),
      Detail: JSON.stringify(alertEventOf(alert, { now, isTest: isTest ?? false })),
    }
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSEvents.PutEvents',
    }
    const { status, text } = await this.#post('events', {
      headers,
      body: JSON.stringify({ Entries: [entry] }),
    })
    if (text.includes('ResourceNotFoundException'))
      return { kind: 'refused', reason: 'the event bus does not exist' }
    if (status !== 200) throw new Error(`EventBridge answered ${status}`)
    const { FailedEntryCount, Entries } = answerShape.parse(JSON.parse(text))
    if (FailedEntryCount > 0)
      throw new Error(`EventBridge refused the event: ${Entries[0]?.ErrorCode ?? 'unknown error'}`)
    return { kind: 'sent' }
  }
}
