import { createHash } from 'node:crypto'
import { type Flip, flipId } from '../../domain/watching/flip.ts'
import type { Database } from '../../runtime/database.ts'
import { expiryAfter } from '../items/expiry.ts'
import { burstEntry } from '../keys.ts'

const MINUTE_MS = 60_000
const KEPT_DAYS = 1

const admissible = {
  isNew: 'attribute_not_exists(#flip)',
  hasRoom: '(attribute_not_exists(#count) OR #count < :most)',
}

/**
 * How many alerts of a project go out singly: a limited number in each minute of the clock. A
 * repeated flip is not counted again.
 */
export class Bursts {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * Whether a flip is among the first of its project in this minute. One write unit, whatever the
   * answer.
   */
  async admits(
    projectId: string,
    flip: Flip,
    { now, most }: { readonly now: number; readonly most: number },
  ): Promise<boolean> {
    const id = shortIdOf(flip)
    const written = await this.#database.update({
      table: this.#table,
      key: { check: projectId, entry: burstEntry(Math.floor(now / MINUTE_MS)) },
      update: 'SET #flip = :one, #expiresAt = :expiresAt ADD #count :one',
      condition: Object.values(admissible).join(' AND '),
      names: { '#flip': id, '#count': 'count', '#expiresAt': 'expiresAt' },
      values: { ':one': 1, ':most': most, ':expiresAt': expiryAfter(KEPT_DAYS, now) },
      showsFound: true,
    })
    return written.isWritten || written.found?.[id] !== undefined
  }
}

/**
 * A short attribute name for a flip, which keeps the item small. Two flips with the same name would
 * share a place, and no more.
 */
function shortIdOf(flip: Flip): string {
  return createHash('sha256').update(flipId(flip)).digest().subarray(0, 8).toString('base64url')
}
