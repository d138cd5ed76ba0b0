import * as z from 'zod'
import type { KeptTally, SignedTag } from '../../domain/people/badge.ts'
import type { Database } from '../../runtime/database.ts'
import { expiryAfter, hasExpired } from '../items/expiry.ts'
import { tallyKey } from '../keys.ts'

const KEPT_DAYS = 1
/** As long as the API may take for an answer: a caller that has not counted by then never will. */
const CLAIM_MS = 30_000

const counts = z.object({ total: z.number(), grace: z.number(), down: z.number() })
const shape = z.object({
  tally: counts.extend({ planned: counts.exactOptional() }),
  countedAt: z.number(),
  freshUntil: z.number(),
}) satisfies z.ZodType<KeptTally>

/**
 * What badges of large projects show, counted once for all who look. They lie among the lookups, as
 * their readers have no key either.
 */
export class Tallies {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * The tally as it was a moment ago, which may be too old; undefined when there is none that can
   * be read.
   */
  async read(badge: SignedTag, now: number): Promise<KeptTally | undefined> {
    const item = await this.#database.get({ table: this.#table, key: tallyKey(badge) })
    return item === undefined || hasExpired(item, now) ? undefined : shape.safeParse(item).data
  }

  /** Whether the caller is to count: true for one of all who ask while the tally is too old. */
  async claim(badge: SignedTag, now: number): Promise<boolean> {
    const { isWritten } = await this.#database.update({
      table: this.#table,
      key: tallyKey(badge),
      update: 'SET claimedAt = :now, expiresAt = :expiresAt',
      condition:
        '(attribute_not_exists(freshUntil) OR freshUntil <= :now) AND (attribute_not_exists(claimedAt) OR claimedAt <= :given)',
      values: {
        ':now': now,
        ':given': now - CLAIM_MS,
        ':expiresAt': expiryAfter(KEPT_DAYS, now),
      },
    })
    return isWritten
  }

  /** Keeps a tally, and ends the claim. */
  async keep(badge: SignedTag, kept: KeptTally): Promise<void> {
    const expiresAt = expiryAfter(KEPT_DAYS, kept.countedAt)
    await this.#database.put({
      table: this.#table,
      item: { ...tallyKey(badge), ...kept, expiresAt },
    })
  }
}
