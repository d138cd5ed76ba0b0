import * as z from 'zod'
import type { Database } from '../../runtime/database.ts'
import { mirrorKeys } from '../keys.ts'

const comparisonShape = z.object({
  at: z.number(),
  rows: z.number(),
  missing: z.number(),
  stale: z.number(),
  orphaned: z.number(),
})

/** What a comparison of all rows found, and put right. */
export type Comparison = Readonly<z.infer<typeof comparisonShape>>

const runsShape = z.object({
  /** When the database was last asked, and answered. */
  askedAt: z.number().optional(),
  comparison: comparisonShape.optional(),
})

export type MirrorRuns = Readonly<z.infer<typeof runsShape>>

/** What the last runs of the mirror came to, for an operator who asks. */
export class MirrorMarks {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  async last(): Promise<MirrorRuns> {
    const at = { table: this.#table, key: mirrorKeys.runs, isCurrent: true }
    return runsShape.parse((await this.#database.get(at)) ?? {})
  }

  /** Notes when the database was asked; and, where all rows were compared, what that found. */
  async mark(askedAt: number, comparison?: Comparison): Promise<void> {
    const at = { table: this.#table, key: mirrorKeys.runs }
    const compared = comparison === undefined ? '' : ', comparison = :comparison'
    await this.#database.update({
      ...at,
      update: `SET askedAt = :askedAt${compared}`,
      values: { ':askedAt': askedAt, ...(comparison && { ':comparison': comparison }) },
    })
  }
}
