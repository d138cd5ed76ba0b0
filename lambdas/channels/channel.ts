import type { Delivery } from '../domain/telling/alert.ts'
import type { Channel } from '../domain/telling/channel.ts'

/** What came of an attempt that no further one could better: the channel took it, or never will. */
export type Outcome =
  { readonly kind: 'sent' } | { readonly kind: 'refused'; readonly reason: string }

/** The channel asked to be told again, and no sooner than in so many seconds. */
export type Later = {
  readonly kind: 'later'
  readonly seconds: number
  readonly reason: string
}

/** A delivery to a channel of one kind. */
export type DeliveryTo<To extends Channel> = Delivery & { readonly channel: To }

/** What sends to one kind of channel. It throws when a later attempt may get through. */
export type Sender<To extends Channel> = {
  send(delivery: DeliveryTo<To>, now: number): Promise<Outcome | Later>
}

/** A sender for each kind of channel. */
export type Senders = {
  readonly [Kind in Channel['kind']]: Sender<Extract<Channel, { readonly kind: Kind }>>
}

/** Hands a delivery to the sender for its kind of channel. */
export function sendTo(
  senders: Senders,
  delivery: Delivery,
  now: number,
): Promise<Outcome | Later> {
  const { channel } = delivery
  switch (channel.kind) {
    case 'email':
      return senders.email.send({ ...delivery, channel }, now)
    case 'webhook':
      return senders.webhook.send({ ...delivery, channel }, now)
    case 'sns':
      return senders.sns.send({ ...delivery, channel }, now)
    case 'eventbridge':
      return senders.eventbridge.send({ ...delivery, channel }, now)
  }
}
