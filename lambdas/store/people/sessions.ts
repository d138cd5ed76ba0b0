import * as z from 'zod'
import type { Session } from '../../domain/people/session.ts'
import type { Database } from '../../runtime/database.ts'
import { expiryAfter, hasExpired } from '../items/expiry.ts'
import { sessionKey } from '../keys.ts'

const sessionShape = z.object({
  userId: z.string(),
  epoch: z.number(),
  method: z.enum(['mail', 'local']),
  createdAt: z.number(),
  seenAt: z.number(),
  freshAt: z.number(),
  agent: z.string(),
}) satisfies z.ZodType<Session>

const LIFE_DAYS = 30

/** Who is signed in. Of a token only its hash is kept. */
export class Sessions {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  async byToken(token: string, now: number): Promise<Session | undefined> {
    const key = sessionKey(token)
    const item = await this.#database.get({ table: this.#table, key, isCurrent: true })
    return item === undefined || hasExpired(item, now) ? undefined : sessionShape.parse(item)
  }

  async put(token: string, session: Session): Promise<void> {
    const expiresAt = expiryAfter(LIFE_DAYS, session.seenAt)
    const item = { ...sessionKey(token), ...session, expiresAt }
    await this.#database.put({ table: this.#table, item })
  }
}
