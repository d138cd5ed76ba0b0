import { randomUUID } from 'node:crypto'
import { parseMailbox, type Unpingable } from '../../lambdas/domain/mailbox.ts'
import type { Bucket } from './bucket.ts'
import type { LocalFunction } from './local-function.ts'
import type { Queue } from './queue.ts'
import type { ReceiptRule } from './receipt-rules.ts'
import type { VirtualClock } from './virtual-clock.ts'

export type MailIntakeDeps = {
  readonly rule: ReceiptRule
  readonly bucket: Bucket
  readonly target: LocalFunction
  /** Where events end that the function failed. */
  readonly failures: Queue | undefined
  readonly clock: VirtualClock
}

/** A mail as SMTP hands it over: its envelope, and the message in it. */
export type Envelope = { readonly from: string; readonly to: readonly string[]; readonly raw: Buffer }

const RETRY_DELAY_MS = 60_000

/** Plays SES receiving: what is sent to the domain is left in the bucket, and the function is called. */
export class MailIntake {
  readonly #deps: MailIntakeDeps

  constructor(deps: MailIntakeDeps) {
    this.#deps = deps
  }

  get domain(): string {
    return this.#deps.rule.domain
  }

  /** Why nothing can be pinged at an address; undefined when it can. SES knows the domain only, and the function refuses the rest. */
  refusalOf(address: string): Unpingable | undefined {
    const addressee = parseMailbox(address, this.domain)
    return typeof addressee === 'string' ? addressee : undefined
  }

  /** Takes a mail for those recipients that may be pinged, and answers before it pings. */
  take({ from, to, raw }: Envelope): { readonly accepted: readonly string[]; readonly rejected: readonly string[] } {
    const accepted = to.filter((address) => this.refusalOf(address) === undefined)
    const rejected = to.filter((address) => !accepted.includes(address))
    if (accepted.length > 0) this.#receive({ from, to: accepted, raw })
    return { accepted, rejected }
  }

  #receive({ from, to, raw }: Envelope): void {
    const { bucket, clock, target } = this.#deps
    const messageId = randomUUID()
    const timestamp = new Date(clock.now()).toISOString()
    bucket.put(messageId, raw)
    const receipt = { timestamp, recipients: to, action: { type: 'Lambda', functionArn: target.definition.arn, invocationType: 'Event' } }
    const ses = { mail: { timestamp, source: from, messageId, destination: to, headersTruncated: false, headers: [] }, receipt }
    void this.#invoke({ Records: [{ eventSource: 'aws:ses', eventVersion: '1.0', ses }] }, target.definition.retries)
  }

  /** As in Lambda's asynchronous invocation, a failed event is tried again after a minute, and then two, and is kept in the end. */
  async #invoke(event: object, retries: number): Promise<void> {
    const { target, clock, failures } = this.#deps
    const outcome = await target.invoke(event, 'mail')
    if (!('error' in outcome)) return
    if (retries === 0) {
      failures?.send({ body: JSON.stringify({ requestPayload: event, responsePayload: outcome.error }) })
      return
    }
    const delayMs = RETRY_DELAY_MS * (target.definition.retries - retries + 1)
    clock.at(clock.now() + delayMs, 'work', () => void this.#invoke(event, retries - 1))
  }
}
