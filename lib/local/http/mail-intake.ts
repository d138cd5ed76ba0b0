import { randomUUID } from 'node:crypto'
import type { Unpingable } from '../../../lambdas/domain/watching/mailbox.ts'
import { refusalOf } from '../overdue.ts'
import type { Bucket } from '../services/bucket.ts'
import type { LocalFunction } from '../functions/local-function.ts'
import type { QueuedMessage } from '../services/message.ts'
import { type MessageKeeper, LocalQueue } from '../services/queue.ts'
import type { ReceiptRule } from '../template/receipt-rules.ts'
import { unlessUnkept } from '../data/storage-error.ts'
import type { VirtualClock } from '../functions/virtual-clock.ts'

export type MailIntakeDeps = {
  readonly rule: ReceiptRule
  readonly bucket: Bucket
  readonly target: LocalFunction
  /** Gets the events that the function failed at for good. */
  readonly failures: LocalQueue | undefined
  readonly clock: VirtualClock
  /** Keeps the mails that were taken until they are handed over, also after a crash. */
  readonly keeper: MessageKeeper
}

/** A mail as SMTP hands it over: envelope and message. */
export type Envelope = {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
}

const RETRY_DELAY_SECONDS = 60
const MOST_AT_ONCE = 10
/** How long Lambda keeps an event that it could not hand over. */
const RETENTION_SECONDS = 21_600

/**
 * Plays SES receiving. It puts a mail into the bucket, and calls the function by way of Lambda's
 * own queue of events.
 */
export class MailIntake {
  readonly #deps: MailIntakeDeps
  readonly #events: LocalQueue

  constructor(deps: MailIntakeDeps) {
    const { target, clock, keeper } = deps
    const visibilitySeconds = target.definition.timeoutSeconds + 1
    const name = `events of ${target.definition.name}`
    this.#deps = deps
    this.#events = new LocalQueue(
      {
        name,
        arn: '',
        url: '',
        visibilitySeconds,
        delaySeconds: 0,
        retentionSeconds: RETENTION_SECONDS,
      },
      { clock, keeper },
    )
    this.#events.onVisible = () => this.#hand()
    this.#hand()
  }

  get domain(): string {
    return this.#deps.rule.domain
  }

  /** SES knows only the domain; the function refuses unknown addresses. */
  refusalOf(address: string): Unpingable | undefined {
    return refusalOf(address, this.domain)
  }

  /**
   * Takes a mail for those recipients that may be pinged, and answers before it pings.
   * @throws StorageError when the mail cannot be kept
   */
  take({ from, to, raw }: Envelope): {
    readonly accepted: readonly string[]
    readonly rejected: readonly string[]
  } {
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
    const receipt = {
      timestamp,
      recipients: to,
      action: { type: 'Lambda', functionArn: target.definition.arn, invocationType: 'Event' },
    }
    const ses = {
      mail: {
        timestamp,
        source: from,
        messageId,
        destination: to,
        headersTruncated: false,
        headers: [],
      },
      receipt,
    }
    this.#events.send({
      body: JSON.stringify({ Records: [{ eventSource: 'aws:ses', eventVersion: '1.0', ses }] }),
    })
  }

  #hand(): void {
    for (const message of this.#events.receive(MOST_AT_ONCE)) void this.#invoke(message)
  }

  /**
   * Invokes the function. As Lambda does with asynchronous calls, it tries again after one minute,
   * then two, and hands the event to the queue of failures in the end.
   */
  async #invoke({ receipt, body, receives }: QueuedMessage): Promise<void> {
    const { target, failures } = this.#deps
    const event: unknown = JSON.parse(body)
    const outcome = await target.invoke(event, 'mail')
    unlessUnkept(() => {
      if ('error' in outcome && receives <= target.definition.retries) {
        this.#events.changeVisibility(receipt, RETRY_DELAY_SECONDS * receives)
        return
      }
      if ('error' in outcome)
        failures?.send({
          body: JSON.stringify({ requestPayload: event, responsePayload: outcome.error }),
        })
      this.#events.delete(receipt)
    })
  }
}
