/**
 * A change that triggers have noted: the row with this UUID is new, is otherwise, or is gone. It is
 * undefined where the row had none, as the row of no check.
 */
export type SourceChange = { readonly id: string; readonly uuid: string | undefined }

/** A row of the view, by its columns; those that the view does not have are absent. */
export type SourceRow = Readonly<Record<string, unknown>>

/** The database that says which checks there are. */
export type CheckSource = {
  /** The changes with ids behind one, in their order, so many at most. */
  changes(after: string | undefined, most: number): Promise<readonly SourceChange[]>
  /** The rows with these UUIDs, as they are now and in no order. */
  rows(uuids: readonly string[]): Promise<readonly SourceRow[]>
  /** The rows behind a UUID, in the order of the database, so many at most. */
  page(after: string | undefined, most: number): Promise<readonly SourceRow[]>
  /** Removes changes; those that are gone already are no error. */
  forget(ids: readonly string[]): Promise<void>
  end(): Promise<void>
}
