import type { VirtualClock } from './virtual-clock.ts'

export type BucketDefinition = {
  readonly name: string
  readonly arn: string
  /** How long an object is kept; infinity without a rule for that. */
  readonly expirationDays: number
}

const DAY_MS = 86_400_000

/** A bucket of S3 in memory, on the stack's clock. */
export class Bucket {
  readonly definition: BucketDefinition
  readonly #clock: VirtualClock
  readonly #objects = new Map<string, { readonly bytes: Buffer; readonly expiresAt: number }>()

  constructor(definition: BucketDefinition, clock: VirtualClock) {
    this.definition = definition
    this.#clock = clock
  }

  put(key: string, bytes: Buffer): void {
    const now = this.#clock.now()
    for (const [old, { expiresAt }] of this.#objects) if (expiresAt <= now) this.#objects.delete(old)
    this.#objects.set(key, { bytes, expiresAt: now + this.definition.expirationDays * DAY_MS })
  }

  get(key: string): Buffer | undefined {
    const object = this.#objects.get(key)
    return object === undefined || object.expiresAt <= this.#clock.now() ? undefined : object.bytes
  }
}
