import { createHash, randomUUID } from 'node:crypto'
import type { KeptState } from '../data/kept-state.ts'
import type { QueuedMessage, MessageAttribute } from './message.ts'
import { unlessUnkept } from '../data/storage-error.ts'
import type { VirtualClock } from '../functions/virtual-clock.ts'
import type { QueueDefinition } from '../template/wiring.ts'

/** Keeps a queue's messages, so that they outlive the process. */
export type MessageKeeper = Pick<KeptState, 'keepMessage' | 'forgetMessage' | 'messagesOf'>

export type QueueDeps = {
  readonly clock: VirtualClock
  readonly keeper: MessageKeeper
  /** The queue for messages that were received too often. */
  readonly deadLetters?: () => LocalQueue | undefined
}

export type NewMessage = {
  readonly body: string
  readonly attributes?: Readonly<Record<string, MessageAttribute>>
  readonly delaySeconds?: number | undefined
}

/**
 * A standard queue of SQS on the stack's clock: delays, visibility, receive counts, dead letters.
 * What it has confirmed outlives the process: messages sent, deleted or put off. Receives don't,
 * because receivers end with the process.
 */
export class LocalQueue {
  readonly definition: QueueDefinition
  /** Called when a message becomes visible. */
  onVisible: () => void = () => undefined
  readonly #clock: VirtualClock
  readonly #keeper: MessageKeeper
  readonly #deadLetters: () => LocalQueue | undefined
  readonly #messages = new Map<string, QueuedMessage>()

  constructor(
    definition: QueueDefinition,
    { clock, keeper, deadLetters = () => undefined }: QueueDeps,
  ) {
    this.definition = definition
    this.#clock = clock
    this.#keeper = keeper
    this.#deadLetters = deadLetters
    for (const message of keeper.messagesOf(definition.name)) this.#restore(message)
  }

  /** @throws StorageError when the message cannot be kept */
  send({
    body,
    attributes = {},
    delaySeconds = this.definition.delaySeconds,
  }: NewMessage): QueuedMessage {
    const now = this.#clock.now()
    const message = {
      id: randomUUID(),
      body,
      attributes,
      sentAt: now,
      visibleAt: now + delaySeconds * 1000,
      receives: 0,
      receipt: '',
    }
    this.#adopt(message)
    return message
  }

  /**
   * Receives up to `most` visible messages, oldest first, and hides them. Messages that were
   * received too often move to the dead letters.
   */
  receive(
    most: number,
    visibilitySeconds = this.definition.visibilitySeconds,
  ): readonly QueuedMessage[] {
    const now = this.#clock.now()
    const received: QueuedMessage[] = []
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

  /**
   * Deletes a message by its latest receipt; an older receipt does nothing.
   * @throws StorageError when that cannot be kept: the message comes again
   */
  delete(receipt: string): void {
    const message = this.#byReceipt(receipt)
    if (message === undefined) return
    this.#keeper.forgetMessage(message.id)
    this.#messages.delete(message.id)
  }

  /**
   * Makes a received message visible again in so many seconds.
   * @throws StorageError when that cannot be kept: the message comes when it would have
   */
  changeVisibility(receipt: string, seconds: number): 'changed' | 'unknown' {
    const message = this.#byReceipt(receipt)
    if (message === undefined) return 'unknown'
    const visibleAt = this.#clock.now() + seconds * 1000
    this.#keeper.keepMessage(this.definition.name, { ...message, visibleAt })
    this.#hide(message, visibleAt)
    return 'changed'
  }

  get hasVisible(): boolean {
    return this.visible > 0
  }

  /** How many messages are visible. */
  get visible(): number {
    return this.#visible(this.#clock.now()).length
  }

  get size(): number {
    return this.#messages.size
  }

  #restore(message: QueuedMessage): void {
    if (this.#isExpired(message, this.#clock.now())) this.#keeper.forgetMessage(message.id)
    else this.#put(message)
  }

  #adopt(message: QueuedMessage): void {
    this.#keeper.keepMessage(this.definition.name, message)
    this.#put(message)
  }

  #put(message: QueuedMessage): void {
    this.#messages.set(message.id, message)
    this.#hide(message, message.visibleAt)
  }

  #hide(message: QueuedMessage, until: number): void {
    message.visibleAt = until
    if (until <= this.#clock.now()) {
      this.onVisible()
      return
    }
    // After a later change, this timer finds another instant, or no message.
    this.#clock.at(until, 'work', () => {
      if (message.visibleAt === until && this.#messages.has(message.id)) this.onVisible()
    })
  }

  #visible(now: number): readonly QueuedMessage[] {
    this.#expire(now)
    return [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= now)
  }

  #expire(now: number): void {
    for (const message of this.#messages.values())
      if (this.#isExpired(message, now)) this.#messages.delete(message.id)
  }

  #isExpired({ sentAt }: QueuedMessage, now: number): boolean {
    return sentAt < now - this.definition.retentionSeconds * 1000
  }

  #isDead(message: QueuedMessage): boolean {
    const target = this.#deadLetters()
    const most = this.definition.redrive?.maxReceives ?? Infinity
    if (target === undefined || message.receives < most) return false
    this.#bury(message, target)
    return true
  }

  /** Moves a message to the dead letters, or hides it until later when that cannot be kept. */
  #bury(message: QueuedMessage, deadLetters: LocalQueue): void {
    const now = this.#clock.now()
    const isMoved = unlessUnkept(() => {
      deadLetters.#adopt({ ...message, visibleAt: now, receives: 0, receipt: '' })
      return this.#messages.delete(message.id)
    })
    if (isMoved === undefined) this.#hide(message, now + this.definition.visibilitySeconds * 1000)
  }

  #byReceipt(receipt: string): QueuedMessage | undefined {
    return [...this.#messages.values()].find((message) => message.receipt === receipt)
  }
}

/** The digest by which SQS's clients check that a body arrived whole. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

/**
 * The digest of message attributes. It covers names, types and values, each with its length before
 * it, sorted by name.
 */
export function attributesMd5(
  attributes: Readonly<Record<string, MessageAttribute>>,
): string | undefined {
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
    add(
      StringValue === undefined
        ? Buffer.from(BinaryValue ?? '', 'base64')
        : Buffer.from(StringValue),
    )
  }
  return hash.digest('hex')
}
