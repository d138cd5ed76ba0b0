import { createHash } from 'node:crypto'
import { type NumberedFlip, tellingKey } from '../../domain/telling/telling.ts'
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
 * telling that comes again is not counted again.
 */
export class Bursts {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * Whether a telling is among the first of its project in this minute. One write unit, whatever
   * the answer.
   */
  async admits(
    projectId: string,
    telling: NumberedFlip,
    { now, most }: { readonly now: number; readonly most: number },
  ): Promise<boolean> {
    const id = shortIdOf(telling)
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
 * A short attribute name for a telling, which keeps the item small. Two with the same name would
 * share a place, and no more.
 */
function shortIdOf({ flip, telling }: NumberedFlip): string {
  const id = `${flip.checkId}#${tellingKey(flip, telling)}`
  return createHash('sha256').update(id).digest().subarray(0, 8).toString('base64url')
}
