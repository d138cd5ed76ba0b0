import * as z from 'zod'
import type { RowFault } from '../../domain/mirroring/fault.ts'
import type { Database } from '../../runtime/database.ts'
import { mirrorKeys } from '../keys.ts'

/** So many are kept, which is far below what fits into an item. */
export const mostFaults = 200

/** Rows may have any name, also that of the key. */
const ROW = 'row:'

const faultShape = z.object({ project: z.string(), words: z.string(), since: z.number() })

/**
 * The rows of a source that can't be taken: one item with an attribute for each, so that two
 * mirrors can write at the same time.
 */
export class RowFaults {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** All of them as they are now, the oldest first. */
  async all(): Promise<readonly RowFault[]> {
    const at = { table: this.#table, key: mirrorKeys.faults, isCurrent: true }
    return Object.entries((await this.#database.get(at)) ?? {})
      .filter(([name]) => name.startsWith(ROW))
      .map(([name, fault]) => ({ row: name.slice(ROW.length), ...faultShape.parse(fault) }))
      .sort((one, other) => one.since - other.since || (one.row < other.row ? -1 : 1))
  }

  async note({ row, ...fault }: RowFault): Promise<void> {
    const at = { table: this.#table, key: mirrorKeys.faults, names: { '#row': ROW + row } }
    await this.#database.update({
      ...at,
      update: 'SET #row = :fault',
      values: { ':fault': fault },
    })
  }

  /** Forgets the fault of a row that can be taken now, or is gone. */
  async forget(row: string): Promise<void> {
    const at = { table: this.#table, key: mirrorKeys.faults, names: { '#row': ROW + row } }
    await this.#database.update({ ...at, update: 'REMOVE #row' })
  }
}
