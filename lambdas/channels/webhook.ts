import { type WebhookChannel, webhookCallOf } from '../domain/telling/channel.ts'
import { webhookRequestOf } from '../domain/telling/webhook-request.ts'
import type { DeliveryTo, Later, Outcome, Sender } from './channel.ts'
import type { HttpSender } from './http.ts'

/** Sends alerts as the HTTP requests that channels wish for. */
export class WebhookSender implements Sender<WebhookChannel> {
  readonly #http: Pick<HttpSender, 'send'>

  constructor(http: Pick<HttpSender, 'send'>) {
    this.#http = http
  }

  /** @throws when a later attempt may get through. */
  async send(delivery: DeliveryTo<WebhookChannel>, now: number): Promise<Outcome | Later> {
    const { status } = delivery.alert.flip
    const call = webhookCallOf(delivery.channel, status)
    if (call === undefined) return { kind: 'refused', reason: `no request for ${status}` }
    return this.#http.send(webhookRequestOf(call, delivery, now), now)
  }
}
