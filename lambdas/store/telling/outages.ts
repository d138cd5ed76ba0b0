import * as z from 'zod'
import type { Outage } from '../../domain/telling/outage.ts'
import type { Database, Item } from '../../runtime/database.ts'
import { expiryAfter } from '../items/expiry.ts'
import { outageEntry } from '../keys.ts'

const KEPT_DAYS = 90
/** An outage that goes on is looked at within 30 days, and written anew before it expires. */
const RENEWED_DAYS = 45

/** Channels are named by their ids. */
const shape: z.ZodType<Outage> = z.object({
  at: z.number(),
  count: z.number(),
  toldAt: z.number().exactOptional(),
  told: z.array(z.string()),
  unread: z.array(z.string()).exactOptional(),
  tellings: z.number(),
  toldAgainAt: z.number().exactOptional(),
  held: z
    .object({
      since: z.number(),
      reason: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('snoozed') }),
        z.object({ kind: z.literal('window'), name: z.string() }),
        z.object({ kind: z.literal('depends'), name: z.string(), checkId: z.string() }),
      ]),
    })
    .exactOptional(),
  isOver: z.literal(true).exactOptional(),
})

/** An outage as it was read, and what it takes to replace it. */
export type KeptOutage = {
  readonly outage: Outage | undefined
  readonly revision: number
  readonly expiresAt: number
}

/** What was told of the outages of checks: entries of the journal that `alert` alone writes. */
export class Outages {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** The outage that began then. One that can't be read counts as none, and is written anew. */
  async read(checkId: string, at: number): Promise<KeptOutage> {
    const item: Item =
      (await this.#database.get({ ...this.#at(checkId, at), isCurrent: true })) ?? {}
    return {
      outage: shape.safeParse(item['outage']).data,
      revision: Number(item['revision'] ?? 0),
      expiresAt: Number(item['expiresAt'] ?? 0),
    }
  }

  /**
   * Replaces an outage, unless somebody has since it was read. Nothing is written for nothing.
   * Answers with what it takes to replace it again.
   */
  async keep(
    checkId: string,
    before: KeptOutage,
    { outage, now }: { readonly outage: Outage; readonly now: number },
  ): Promise<KeptOutage | 'raced'> {
    if (outage === before.outage && before.expiresAt > expiryAfter(RENEWED_DAYS, now)) return before
    const kept = { outage, revision: before.revision + 1, expiresAt: expiryAfter(KEPT_DAYS, now) }
    const { isWritten } = await this.#database.update({
      ...this.#at(checkId, outage.at),
      update: 'SET #outage = :outage, #revision = :revision, #expiresAt = :expiresAt',
      condition: before.revision === 0 ? 'attribute_not_exists(#revision)' : '#revision = :before',
      names: { '#outage': 'outage', '#revision': 'revision', '#expiresAt': 'expiresAt' },
      values: {
        ':outage': outage,
        ':revision': kept.revision,
        ':expiresAt': kept.expiresAt,
        ...(before.revision === 0 ? {} : { ':before': before.revision }),
      },
    })
    return isWritten ? kept : 'raced'
  }

  #at(checkId: string, at: number) {
    return { table: this.#table, key: { check: checkId, entry: outageEntry(at) } }
  }
}
