import { invalid, unknownToModel } from './failures.ts'

const token = /\s*(?:(<>|<=|>=|[=<>(),+-])|([:#]?\w+)|([.[\]]))/y

/** Reads an expression word by word, and notes its placeholders. */
export class Tokens {
  readonly names = new Set<string>()
  readonly values = new Set<string>()
  readonly #kind: string
  readonly #words: readonly string[]
  #at = 0

  /** @param kind such as `ConditionExpression`, for the text of errors */
  constructor(kind: string, text: string) {
    this.#kind = kind
    this.#words = wordsOf(text, (word) => this.mistake(word))
    if (this.#words.length === 0) throw invalid(`Invalid ${kind}: The expression can not be empty;`)
  }

  get next(): string | undefined {
    return this.#words[this.#at]
  }

  /** The next word as a keyword, whose case does not count. */
  get keyword(): string | undefined {
    return this.next?.toUpperCase()
  }

  take(): string {
    const word = this.next
    if (word === undefined) throw this.mistake('<EOF>')
    this.#at += 1
    return word
  }

  /** Takes this word if it is the next one. */
  accept(word: string): boolean {
    if (this.keyword !== word) return false
    this.#at += 1
    return true
  }

  expect(word: string): void {
    if (!this.accept(word)) throw this.mistake(this.next ?? '<EOF>')
  }

  end(): void {
    if (this.next !== undefined) throw this.mistake(this.next)
  }

  mistake(word: string): Error {
    return invalid(`Invalid ${this.#kind}: Syntax error; token: "${word}"`)
  }
}

function wordsOf(text: string, mistake: (word: string) => Error): readonly string[] {
  const words: string[] = []
  token.lastIndex = 0
  const end = text.trimEnd().length
  while (token.lastIndex < end) {
    const at = token.lastIndex
    const [, symbol, word, nested] = token.exec(text) ?? []
    if (nested !== undefined) throw unknownToModel(`paths into values: ${text}`)
    const found = symbol ?? word
    if (found === undefined) throw mistake(text.slice(at, at + 1))
    words.push(found)
  }
  return words
}
