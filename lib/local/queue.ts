import { createHash, randomUUID } from 'node:crypto'
import type { VirtualClock } from './virtual-clock.ts'
import type { QueueDefinition } from './wiring.ts'

/** A message as the queue keeps it. */
export type Message = {
  readonly id: string
  readonly body: string
  readonly attributes: Readonly<Record<string, MessageAttribute>>
  readonly sentAt: number
  visibleAt: number
  receives: number
  receipt: string
}

export type MessageAttribute = { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }

export type NewMessage = {
  readonly body: string
  readonly attributes?: Readonly<Record<string, MessageAttribute>>
  readonly delaySeconds?: number | undefined
}

/** A standard queue of SQS on the stack's clock: delays, visibility, receive counts, dead letters. */
export class Queue {
  readonly definition: QueueDefinition
  /** Called when a message may be had. */
  onVisible: () => void = () => undefined
  readonly #clock: VirtualClock
  readonly #deadLetters: () => Queue | undefined
  readonly #messages = new Map<string, Message>()

  constructor(definition: QueueDefinition, clock: VirtualClock, deadLetters: () => Queue | undefined) {
    this.definition = definition
    this.#clock = clock
    this.#deadLetters = deadLetters
  }

  send({ body, attributes = {}, delaySeconds = this.definition.delaySeconds }: NewMessage): Message {
    const now = this.#clock.now()
    const message = { id: randomUUID(), body, attributes, sentAt: now, visibleAt: now + delaySeconds * 1000, receives: 0, receipt: '' }
    this.#put(message)
    return message
  }

  /** Up to `most` visible messages, oldest first; they are invisible from then on. Those received too often move to the dead letters. */
  receive(most: number, visibilitySeconds = this.definition.visibilitySeconds): readonly Message[] {
    const now = this.#clock.now()
    const received: Message[] = []
    for (const message of this.#visible(now)) {
      if (received.length === most) break
      if (this.#isDead(message)) continue
      message.receives += 1
      message.receipt = randomUUID()
      this.#hide(message, now + visibilitySeconds * 1000)
      received.push(message)
    }
    return received
  }

  /** Forgets a message that was received; one whose receipt is not the latest stays. */
  delete(receipt: string): void {
    const message = this.#byReceipt(receipt)
    if (message) this.#messages.delete(message.id)
  }

  /** Lets a received message be had again in so many seconds. */
  changeVisibility(receipt: string, seconds: number): 'changed' | 'unknown' {
    const message = this.#byReceipt(receipt)
    if (message === undefined) return 'unknown'
    this.#hide(message, this.#clock.now() + seconds * 1000)
    return 'changed'
  }

  get hasVisible(): boolean {
    return this.visible > 0
  }

  /** How many may be had now. */
  get visible(): number {
    return this.#visible(this.#clock.now()).length
  }

  get size(): number {
    return this.#messages.size
  }

  /** All messages, to be kept until `restore`. */
  save(): readonly Message[] {
    return [...this.#messages.values()]
  }

  restore(messages: readonly Message[]): void {
    for (const message of messages) this.#put(message)
  }

  #put(message: Message): void {
    this.#messages.set(message.id, message)
    this.#hide(message, message.visibleAt)
  }

  #hide(message: Message, until: number): void {
    message.visibleAt = until
    if (until <= this.#clock.now()) {
      this.onVisible()
      return
    }
    // A timer that a later change made void finds the message still hidden, or gone.
    this.#clock.at(until, 'work', () => {
      if (message.visibleAt === until && this.#messages.has(message.id)) this.onVisible()
    })
  }

  #visible(now: number): readonly Message[] {
    this.#expire(now)
    return [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= now)
  }

  #expire(now: number): void {
    const oldest = now - this.definition.retentionSeconds * 1000
    for (const { id, sentAt } of this.#messages.values()) if (sentAt < oldest) this.#messages.delete(id)
  }

  #isDead(message: Message): boolean {
    const target = this.#deadLetters()
    const most = this.definition.redrive?.maxReceives ?? Infinity
    if (target === undefined || message.receives < most) return false
    this.#messages.delete(message.id)
    target.restore([{ ...message, visibleAt: this.#clock.now(), receives: 0, receipt: '' }])
    return true
  }

  #byReceipt(receipt: string): Message | undefined {
    return [...this.#messages.values()].find((message) => message.receipt === receipt)
  }
}

/** The digest by which SQS's clients check that a body arrived whole. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

/** The same for message attributes: each name, type and value with its length before it, sorted by name. */
export function attributesMd5(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort()
  if (names.length === 0) return undefined
  const hash = createHash('md5')
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {}
    add(Buffer.from(name))
    add(Buffer.from(DataType))
    hash.update(Buffer.from([StringValue === undefined ? 2 : 1]))
    add(StringValue === undefined ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue))
  }
  return hash.digest('hex')
}
