import type { Allowance } from '../../domain/telling/allowance.ts'
import type { Database } from '../../runtime/database.ts'
import { allowanceEntry } from '../keys.ts'

/**
 * How much each project has taken of what all share. Each stretch of time has an item, which
 * expires by itself.
 */
export class Allowances {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * Takes one of what a project may take in this stretch of the clock. One write unit, whatever the
   * answer.
   */
  async take(
    projectId: string,
    { name, most, perMs }: Allowance,
    now: number,
  ): Promise<'taken' | 'used up'> {
    const stretch = Math.floor(now / perMs)
    const { isWritten } = await this.#database.update({
      table: this.#table,
      key: { check: projectId, entry: allowanceEntry(name, stretch) },
      update: 'SET #expiresAt = :expiresAt ADD #count :one',
      condition: 'attribute_not_exists(#count) OR #count < :most',
      names: { '#count': 'count', '#expiresAt': 'expiresAt' },
      values: {
        ':one': 1,
        ':most': most,
        ':expiresAt': Math.ceil(((stretch + 1) * perMs) / 1000),
      },
    })
    return isWritten ? 'taken' : 'used up'
  }
}
