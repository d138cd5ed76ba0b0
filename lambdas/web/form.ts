/** The fields of a form that was sent, or of a query. */
export class Form {
  readonly #fields: URLSearchParams

  constructor(text = '') {
    this.#fields = new URLSearchParams(text)
  }

  /** The first of this name, without blanks around it; nothing when there is none. */
  text(name: string): string {
    return this.#fields.get(name)?.trim() ?? ''
  }

  /** The first of this name as it came, line breaks as one character. */
  raw(name: string): string {
    return this.#fields.get(name)?.replace(/\r\n?/g, '\n') ?? ''
  }

  all(name: string): readonly string[] {
    return this.#fields.getAll(name)
  }

  has(name: string): boolean {
    return this.#fields.has(name)
  }

  /** Names of all fields, each once. */
  names(): readonly string[] {
    return [...new Set(this.#fields.keys())]
  }

  /** The same with other values of some fields. */
  with(values: Readonly<Record<string, string>>): Form {
    const fields = new URLSearchParams(this.#fields)
    for (const [name, value] of Object.entries(values)) fields.set(name, value)
    return new Form(fields.toString())
  }
}
