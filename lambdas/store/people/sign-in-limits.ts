import { type SignInLimit, stretchEnd } from '../../domain/people/sign-in-limits.ts'
import type { Database } from '../../runtime/database.ts'
import { sessionKeys } from '../keys.ts'
import { inSeconds } from './session-item.ts'

/** How much was taken of what bounds sign-ins. Each stretch of time has an item of its own. */
export class SignInLimits {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * Takes one of what there may be in this stretch of the clock. One write unit, whatever the
   * answer.
   * @param of whom or what the limit is for, of which only a hash is kept
   */
  async take(of: string, limit: SignInLimit, now: number): Promise<'taken' | 'used up'> {
    const { isWritten } = await this.#database.update({
      table: this.#table,
      key: sessionKeys.limit(limit.name, of, Math.floor(now / limit.perMs)),
      update: 'SET #expiresAt = :expiresAt ADD #count :one',
      condition: 'attribute_not_exists(#count) OR #count < :most',
      names: { '#count': 'count', '#expiresAt': 'expiresAt' },
      values: {
        ':one': 1,
        ':most': limit.most,
        ':expiresAt': inSeconds(stretchEnd(limit, now)),
      },
    })
    return isWritten ? 'taken' : 'used up'
  }
}
