import { hashOfSecret } from '../../domain/people/secret.ts'
import type { Database } from '../../runtime/database.ts'
import { expiryAfter, hasExpired } from '../items/expiry.ts'
import { sessionKeys } from '../keys.ts'

/** As long as browsers keep a cookie. */
export const KNOWN_DAYS = 400

/** Browsers in which somebody has signed in before, by a cookie that opens nothing. */
export class KnownBrowsers {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** Notes that the user of an address has signed in. */
  async note(cookie: string, email: string, now: number): Promise<void> {
    const item = { ...keyOf(cookie), email, expiresAt: expiryAfter(KNOWN_DAYS, now) }
    await this.#database.put({ table: this.#table, item })
  }

  /** Whether the user of this address has signed in there. */
  async isOf(cookie: string, email: string, now: number): Promise<boolean> {
    const item = await this.#database.get({ table: this.#table, key: keyOf(cookie) })
    return item !== undefined && !hasExpired(item, now) && item.email === email.toLowerCase()
  }
}

function keyOf(cookie: string) {
  return sessionKeys.knownBrowser(hashOfSecret(cookie))
}
