type Named = { readonly id: string; readonly name: string }

/** What is known by a name in a file, and by an id in the API. */
export class Names {
  readonly #ids = new Map<string, string>()
  readonly #names = new Map<string, string>()

  /** A name that several have, or that is empty, means none of them: those go by their ids. */
  constructor(all: readonly Named[]) {
    const named = Map.groupBy(all, ({ name }) => name)
    for (const { id } of all) this.#ids.set(id, id)
    for (const { id, name } of all)
      if (name !== '' && named.get(name)?.length === 1) this.add(id, name)
  }

  /** Gives an id a name that no other has. */
  add(id: string, name: string): void {
    this.#ids.set(name, id)
    this.#names.set(id, name)
  }

  has(name: string): boolean {
    return this.#ids.has(name)
  }

  /** The name of an id; the id itself where it has no name of its own. */
  readonly nameOf = (id: string): string => this.#names.get(id) ?? id

  /** The id of a name, or of an id. @throws where nothing is called so */
  readonly idOf = (name: string): string => {
    const id = this.#ids.get(name)
    if (id === undefined) throw new Error(`${name} has no id`)
    return id
  }
}
