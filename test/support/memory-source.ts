import type { CheckSource, SourceChange, SourceRow } from '../../lambdas/mirror/source.ts'

/** A source in memory, whose triggers never fail. */
export class MemorySource implements CheckSource {
  readonly #rows = new Map<string, SourceRow>()
  #changes: readonly SourceChange[] = []
  #noted = 0
  /** Whether triggers note what changes. */
  hasTriggers = true

  /** Writes a row, or leaves none. */
  write(uuid: string, row: SourceRow | undefined): void {
    if (row === undefined) this.#rows.delete(uuid)
    else this.#rows.set(uuid, { ...row, uuid })
    if (this.hasTriggers) this.note(uuid)
  }

  /** Notes a change, whether there was one or not. */
  note(uuid: string): void {
    this.#noted += 1
    this.#changes = [...this.#changes, { id: String(this.#noted), uuid }]
  }

  /** Loses all that is noted. */
  lose(): void {
    this.#changes = []
  }

  get noted(): readonly SourceChange[] {
    return this.#changes
  }

  get all(): ReadonlyMap<string, SourceRow> {
    return this.#rows
  }

  changes(most: number): Promise<readonly SourceChange[]> {
    return Promise.resolve(this.#changes.slice(0, most))
  }

  rows(uuids: readonly string[]): Promise<readonly SourceRow[]> {
    return Promise.resolve(
      uuids.map((uuid) => this.#rows.get(uuid)).filter((row) => row !== undefined),
    )
  }

  page(after: string | undefined, most: number): Promise<readonly SourceRow[]> {
    const names = [...this.#rows.keys()]
      .sort()
      .filter((uuid) => after === undefined || uuid > after)
    return this.rows(names.slice(0, most))
  }

  forget(ids: readonly string[]): Promise<void> {
    const gone = new Set(ids)
    this.#changes = this.#changes.filter(({ id }) => !gone.has(id))
    return Promise.resolve()
  }

  end(): Promise<void> {
    return Promise.resolve()
  }
}
