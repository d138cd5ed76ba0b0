/**
 * What happened, line by line; kept only when somebody wants to read it, and always as a hash: two
 * runs of one seed must come to the same.
 */
export class Trace {
  readonly lines: string[] = []
  readonly #isKept: boolean
  #low = 0x811c9dc5
  #high = 0x1234567
  count = 0

  constructor(isKept: boolean) {
    this.#isKept = isKept
  }

  get hash(): string {
    return [this.#high, this.#low]
      .map((part) => (part >>> 0).toString(16).padStart(8, '0'))
      .join('')
  }

  note(at: number, who: string, what: string): void {
    this.count += 1
    this.#mix(at % 0x7fffffff)
    for (let index = 0; index < what.length; index += 1) this.#mix(what.charCodeAt(index))
    if (this.#isKept) this.lines.push(`${new Date(at).toISOString().slice(11, 23)} ${who} ${what}`)
  }

  /** A line for readers only. */
  explain(at: number, text: () => string): void {
    if (this.#isKept) this.lines.push(`${new Date(at).toISOString().slice(11, 23)}   ${text()}`)
  }

  #mix(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x01000193)
    this.#high = Math.imul(this.#high ^ (this.#low >>> 15) ^ value, 0x85ebca6b)
  }
}
