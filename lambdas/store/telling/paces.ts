import * as z from 'zod'
import { type Flip, flipKey } from '../../domain/watching/flip.ts'
import { isFlapping, isHeld, type Pace, unhurried, withAlert } from '../../domain/telling/pace.ts'
import type { Database, Item, Key, Value } from '../../runtime/database.ts'
import { expiryAfter } from '../items/expiry.ts'
import { paceEntry } from '../keys.ts'

const KEPT_DAYS = 1
/**
 * A failed try means that another alert of the same check got through. Ten come at once, and few
 * functions run side by side.
 */
const MOST_TRIES = 50

const shape: z.ZodType<Pace> = z.object({
  alerts: z.array(z.object({ key: z.string(), at: z.number(), isHeld: z.boolean() })),
  heldUntil: z.number(),
})

/** How fast the alerts of checks come: one small item for each check that has had any of late. */
export class Paces {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * Counts an alert, once however often it comes. Answers whether it waits for the digest of the
   * hour. It costs a read and a write.
   * @throws when others write all the time.
   */
  async holds(flip: Flip, now: number): Promise<boolean> {
    const key = flipKey(flip)
    const at = { check: flip.checkId, entry: paceEntry }
    let seen = await this.#database.get({ table: this.#table, key: at })
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const known = paceIn(seen)
      const next = withAlert(known, key, now)
      if (next === known) return isHeld(known, key)
      const found = await this.#replace(at, seen, { next, now })
      if (found === 'replaced') return isHeld(next, key)
      seen = found.item
    }
    throw new Error(`the pace of check ${flip.checkId} changes too fast`)
  }

  /** Whether the alerts of a check wait for the digest of the hour now. It costs a read. */
  async areHeld(checkId: string, now: number): Promise<boolean> {
    const key = { check: checkId, entry: paceEntry }
    return isFlapping(paceIn(await this.#database.get({ table: this.#table, key })), now)
  }

  /** On condition that the pace is the one that was seen. */
  async #replace(
    at: Key,
    seen: Item | undefined,
    { next, now }: { readonly next: Pace; readonly now: number },
  ): Promise<'replaced' | { readonly item: Item | undefined }> {
    const written = await this.#database.update({
      table: this.#table,
      key: at,
      update: 'SET #pace = :next, #expiresAt = :expiresAt',
      condition: seen === undefined ? 'attribute_not_exists(#pace)' : '#pace = :seen',
      names: { '#pace': 'pace', '#expiresAt': 'expiresAt' },
      values: {
        ':next': next,
        ':expiresAt': expiryAfter(KEPT_DAYS, now),
        ':seen': seen?.['pace'] as Value | undefined,
      },
      showsFound: true,
    })
    return written.isWritten ? 'replaced' : { item: written.found }
  }
}

/**
 * An unreadable pace counts as empty and is written anew: it is better to tell an alert than not
 * to.
 */
function paceIn(item: Item | undefined): Pace {
  return item === undefined ? unhurried : (shape.safeParse(item['pace']).data ?? unhurried)
}
