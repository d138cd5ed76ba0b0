import type { CheckSource, SourceChange, SourceRow } from '../../lambdas/mirror/source.ts'

/** A source in memory, whose triggers note everything unless they are told not to. */
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

  get noted(): readonly SourceChange[] {
    return this.#changes
  }

  get all(): ReadonlyMap<string, SourceRow> {
    return this.#rows
  }

  changesNow(after: string | undefined, most: number): readonly SourceChange[] {
    return this.#changes.filter(({ id }) => Number(id) > Number(after ?? 0)).slice(0, most)
  }

  rowsNow(uuids: readonly string[]): readonly SourceRow[] {
    return uuids.map((uuid) => this.#rows.get(uuid)).filter((row) => row !== undefined)
  }

  pageNow(after: string | undefined, most: number): readonly SourceRow[] {
    const uuids = [...this.#rows.keys()].sort()
    return this.rowsNow(uuids.filter((uuid) => after === undefined || uuid > after).slice(0, most))
  }

  forgetNow(ids: readonly string[]): void {
    const gone = new Set(ids)
    this.#changes = this.#changes.filter(({ id }) => !gone.has(id))
  }

  changes(after: string | undefined, most: number): Promise<readonly SourceChange[]> {
    return Promise.resolve(this.changesNow(after, most))
  }

  rows(uuids: readonly string[]): Promise<readonly SourceRow[]> {
    return Promise.resolve(this.rowsNow(uuids))
  }

  page(after: string | undefined, most: number): Promise<readonly SourceRow[]> {
    return Promise.resolve(this.pageNow(after, most))
  }

  forget(ids: readonly string[]): Promise<void> {
    this.forgetNow(ids)
    return Promise.resolve()
  }

  end(): Promise<void> {
    return Promise.resolve()
  }
}
