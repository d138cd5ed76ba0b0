/** The last bytes of what was said, in a memory that does not grow. */
export class OutputTail {
  readonly #ring: Buffer
  #length = 0
  #at = 0

  constructor(capacityBytes: number) {
    this.#ring = Buffer.allocUnsafe(capacityBytes)
  }

  push(said: Uint8Array): void {
    const kept = said.subarray(Math.max(0, said.length - this.#ring.length))
    const fitting = kept.subarray(0, this.#ring.length - this.#at)
    this.#ring.set(fitting, this.#at)
    this.#ring.set(kept.subarray(fitting.length), 0)
    this.#at = this.#ring.length === 0 ? 0 : (this.#at + kept.length) % this.#ring.length
    this.#length = Math.min(this.#ring.length, this.#length + kept.length)
  }

  bytes(): Buffer {
    return this.#length < this.#ring.length
      ? this.#ring.subarray(0, this.#length)
      : Buffer.concat([this.#ring.subarray(this.#at), this.#ring.subarray(0, this.#at)])
  }
}
