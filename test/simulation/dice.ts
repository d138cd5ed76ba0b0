/** Chance from a seed: the same seed, the same draws (sfc32). */
export class Dice {
  #a: number
  #b: number
  #c = 0x9e3779b9
  #d = 1

  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = Math.floor(seed / 2 ** 32) | 0
    for (let round = 0; round < 15; round += 1) this.#draw()
  }

  /** At least `low`, at most `high`, whole. */
  between(low: number, high: number): number {
    return low + Math.floor((this.#draw() / 2 ** 32) * (high - low + 1))
  }

  chance(probability: number): boolean {
    return probability > 0 && this.#draw() / 2 ** 32 < probability
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.between(0, list.length - 1)]
    if (picked === undefined) throw new Error('nothing to pick from')
    return picked
  }

  uuid(): string {
    const digits = [this.#draw(), this.#draw(), this.#draw(), this.#draw()]
      .map((part) => part.toString(16).padStart(8, '0'))
      .join('')
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#draw() & 255)
  }

  #draw(): number {
    const mixed = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + mixed
    return mixed >>> 0
  }
}
