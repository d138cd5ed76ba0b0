import * as z from 'zod'
import type { ChannelBase } from '../domain/telling/channel.ts'
import { signedRequest, type SigningSecret } from '../domain/telling/signing.ts'
import {
  type WebhookCall,
  wantsOfCall,
  webhookRequestOf,
} from '../domain/telling/webhook-request.ts'
import type { Status } from '../domain/watching/heartbeat.ts'
import type { Outcome, Postponed } from './outcome.ts'
import type { HttpSender } from './http.ts'
import type { DeliveryTo, Sender } from './sender.ts'
import type { ChannelForm } from './form.ts'
import { type ChannelKind, storedBase } from './kind.ts'
import { webhookOutcomeOf } from './webhook-answer.ts'
import { givenCall, storedCall } from './webhook-call.ts'
import { webhookEntered, webhookEntriesOf, webhookQuestions } from './webhook-entries.ts'

/** An HTTP request when a check goes down, and one when it is up again; either may be missing. */
export type WebhookChannel = ChannelBase & {
  readonly kind: 'webhook'
  readonly down?: WebhookCall
  readonly up?: WebhookCall
  /** The newest secret first. Absent where it was made before requests were signed. */
  readonly signing?: readonly SigningSecret[]
}

const callsHosts = true

export const kind = {
  kind: 'webhook',
  title: 'Webhook',
  callsHosts,
  signs: true,
  stored: () =>
    z.object({
      ...storedBase(),
      kind: z.literal('webhook'),
      down: storedCall().exactOptional(),
      up: storedCall().exactOptional(),
      signing: z
        .array(z.object({ secret: z.string(), until: z.number().exactOptional() }))
        .readonly()
        .exactOptional(),
    }),
  takes: (channel, status) => callOf(channel, status) !== undefined,
  wants: (channel, status) => {
    const call = callOf(channel, status)
    return call && wantsOfCall(call)
  },
  form: () => form,
} as const satisfies ChannelKind<WebhookChannel>

const form: ChannelForm<Pick<WebhookChannel, 'down' | 'up'>> = {
  fields,
  request: () =>
    z
      .object(fields())
      .transform(({ down, up }) => ({ ...(down && { down }), ...(up && { up }) }))
      .refine(({ down, up }) => down !== undefined || up !== undefined, {
        error: 'one of down and up is needed',
      }),
  given: ({ down = null, up = null }) => ({ down, up }),
  questions: webhookQuestions,
  entered: webhookEntered,
  entriesOf: webhookEntriesOf,
  shown: () => ({
    down: storedCall().nullable().describe('Of kind webhook, as is up'),
    up: storedCall().nullable(),
  }),
}

function fields() {
  return {
    down: givenCall()
      .nullable()
      .optional()
      .describe('Of kind webhook, as is up: one of the two is needed, null takes one away'),
    up: givenCall().nullable().optional(),
  }
}

export const makeSender = ({
  http,
}: {
  readonly http: Pick<HttpSender, 'follow'>
}): Sender<WebhookChannel> => ({
  callsHosts,
  /** @throws when a later attempt may get through. */
  async send(delivery: DeliveryTo<WebhookChannel>, now: number): Promise<Outcome | Postponed> {
    const { alert, channel } = delivery
    const { status } = alert.flip
    const wanted = callOf(channel, status)
    if (wanted === undefined) return { kind: 'refused', reason: `no request for ${status}` }
    const request = webhookRequestOf(wanted, delivery, now)
    const { signing: secrets } = channel
    const answer = await http.follow(
      secrets === undefined ? request : signedRequest(request, delivery, { secrets, now }),
      now,
    )
    return webhookOutcomeOf(answer)
  },
})

function callOf({ down, up }: WebhookChannel, status: Status): WebhookCall | undefined {
  return status === 'down' ? down : status === 'up' ? up : undefined
}
