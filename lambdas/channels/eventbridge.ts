import * as z from 'zod'
import { alertEventOf } from '../domain/telling/alert-event.ts'
import type { ChannelBase } from '../domain/telling/channel.ts'
import type { Outcome } from './outcome.ts'
import type { DeliveryTo, Sender, SenderMeans } from './sender.ts'
import { type AllowedArns, arn, type ChannelForm } from './form.ts'
import { type ChannelKind, storedBase } from './kind.ts'

/** An EventBridge bus of the account that Overdue runs in. */
export type BusChannel = ChannelBase & { readonly kind: 'eventbridge'; readonly busArn: string }

export const kind = {
  kind: 'eventbridge',
  title: 'Amazon EventBridge',
  stored: () => z.object({ ...storedBase(), kind: z.literal('eventbridge'), busArn: z.string() }),
  form: () => form,
} as const satisfies ChannelKind<BusChannel>

const busArn = /^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/[\w./-]{1,256}$/

const form: ChannelForm<Pick<BusChannel, 'busArn'>> = {
  fields,
  request: (allowed) =>
    z.object(fields(allowed)).transform((given) => ({ busArn: given.event_bus_arn })),
  given: (channel) => ({ event_bus_arn: channel.busArn }),
  questions: [
    {
      field: 'event_bus_arn',
      help: 'a bus that the operator of this deployment allows',
      example: 'arn:aws:events:eu-central-1:123456789012:event-bus/alerts',
      isNeeded: true,
      isSecret: false,
    },
  ],
  shown: () => ({ event_bus_arn: z.string().describe('Of kind eventbridge') }),
}

function fields({ busArns }: Pick<AllowedArns, 'busArns'>) {
  return {
    event_bus_arn: arn(busArn, busArns).describe(
      'Of kind eventbridge: a bus that the operator of this deployment allows',
    ),
  }
}

/** Puts alerts on EventBridge buses. The function's role lets it speak as this source only. */
export const makeSender = ({ post }: Pick<SenderMeans, 'post'>): Sender<BusChannel> => ({
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
    const { status, text } = await post('events', {
      headers,
      body: JSON.stringify({ Entries: [entry] }),
    })
    if (text.includes('ResourceNotFoundException'))
      return { kind: 'refused', reason: 'the event bus does not exist' }
    if (status !== 200) throw new Error(`EventBridge answered ${status}`)
    const { FailedEntryCount, Entries } = answerShape().parse(JSON.parse(text))
    if (FailedEntryCount > 0)
      throw new Error(`EventBridge refused the event: ${Entries[0]?.ErrorCode ?? 'unknown error'}`)
    return { kind: 'sent' }
  },
})

const answerShape = () =>
  z.object({
    FailedEntryCount: z.number().default(0),
    Entries: z.array(z.object({ ErrorCode: z.string().optional() })).default([]),
  })
