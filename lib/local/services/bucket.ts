import type { KeptState } from '../data/kept-state.ts'
import type { VirtualClock } from '../functions/virtual-clock.ts'

export type BucketDefinition = {
  readonly name: string
  readonly arn: string
  /** How long an object is kept; infinity where no rule says so. */
  readonly expirationDays: number
}

const DAY_MS = 86_400_000

/** A bucket of S3 on the stack's clock. */
export class Bucket {
  readonly definition: BucketDefinition
  readonly #deps: BucketDeps

  constructor(definition: BucketDefinition, deps: BucketDeps) {
    this.definition = definition
    this.#deps = deps
  }

  /** @throws StorageError when the object cannot be kept */
  put(key: string, bytes: Buffer): void {
    const { clock, keeper } = this.#deps
    const now = clock.now()
    keeper.forgetObjects(this.definition.name, now)
    keeper.keepObject(this.definition.name, {
      key,
      bytes,
      expiresAt: now + this.definition.expirationDays * DAY_MS,
    })
  }

  get(key: string): Buffer | undefined {
    const object = this.#deps.keeper.objectAt(this.definition.name, key)
    return object === undefined || object.expiresAt <= this.#deps.clock.now()
      ? undefined
      : Buffer.from(object.bytes)
  }
}

export type BucketDeps = {
  readonly clock: VirtualClock
  readonly keeper: Pick<KeptState, 'keepObject' | 'forgetObjects' | 'objectAt'>
}
