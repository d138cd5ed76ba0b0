import type { Delivery } from '../domain/telling/alert.ts'
import type { ChannelBase } from '../domain/telling/channel.ts'
import type { DigestEntry, DigestRequest } from '../domain/telling/digest.ts'
import type { AwsPost } from '../runtime/aws-post.ts'
import type { Mailer } from './email/mailer.ts'
import type { HttpSender } from './http.ts'
import type { Attempt } from './outcome.ts'

/** A delivery to a channel of one kind. */
export type DeliveryTo<To extends ChannelBase> = Delivery & { readonly channel: To }

/** A request for the digest of a channel of one kind. */
export type DigestTo<To extends ChannelBase> = DigestRequest & { readonly channel: To }

/** What sends to one kind of channel. It throws when a later attempt may get through. */
export type Sender<To extends ChannelBase> = {
  /**
   * Whether it calls hosts of the internet. Such a channel is called only now and then while it
   * fails again and again. Services of AWS fail for all, or answer quickly.
   */
  readonly callsHosts?: true
  send(delivery: DeliveryTo<To>, now: number): Promise<Attempt>
  /** Tells many flips at once. Kinds that are told each flip by itself have none. */
  sendDigest?(request: DigestTo<To>, entries: readonly DigestEntry[], now: number): Promise<Attempt>
}

/** What senders reach the world by. */
export type SenderMeans = {
  readonly mailer: Pick<Mailer, 'send'>
  readonly http: Pick<HttpSender, 'follow' | 'call'>
  readonly post: AwsPost
}
