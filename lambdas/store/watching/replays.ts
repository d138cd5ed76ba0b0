import type { Heartbeat } from '../../domain/watching/heartbeat.ts'
import { afterReplayedPing } from '../../domain/watching/after-ping.ts'
import type { Ping, PingType } from '../../domain/watching/ping.ts'
import { backOff } from '../../runtime/backoff.ts'
import type { Database, Write } from '../../runtime/database.ts'
import { expiryAfter } from '../items/expiry.ts'
import { allowedChange } from './heartbeat-expressions.ts'
import * as attribute from './heartbeat-attributes.ts'
import { Heartbeats } from './heartbeats.ts'
import { replayEntry } from '../keys.ts'
import { transact } from '../items/transaction.ts'

const TRIES = 10
/** Longer than a queue keeps a message, and than an operator needs to send an event again. */
const MARK_DAYS = 15

export type Replayed = 'missing' | { readonly number: number }

/**
 * Records pings that may come again long after other pings: those from the spill queue, and those
 * by mail, whose event comes again when another recipient failed. Each leaves a mark in the
 * journal, in one transaction with the heartbeat. They are rare, so the cost does not matter.
 */
export class Replays {
  readonly #database: Database
  readonly #tables: { readonly Heartbeats: string; readonly Journal: string }
  readonly #heartbeats: Heartbeats

  constructor(
    database: Database,
    tables: { readonly Heartbeats: string; readonly Journal: string },
  ) {
    this.#database = database
    this.#tables = tables
    this.#heartbeats = new Heartbeats(database, tables.Heartbeats)
  }

  /**
   * Records a ping once, however often it is replayed, and answers with its number.
   * @param readBodyType says what the body of a ping by HTTP means; it is asked only where the
   * check has rules on those
   * @throws when the heartbeat changes under every try.
   */
  async record(
    checkId: string,
    ping: Ping,
    { readBodyType, now }: { readBodyType?: () => Promise<PingType | undefined>; now: number },
  ): Promise<Replayed> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const marked = await this.#marked(checkId, ping.requestId)
      if (marked !== undefined) return { number: marked }
      const before = await this.#heartbeats.read(checkId)
      if (before === undefined) return 'missing'
      const after = afterReplayedPing(before, ping, {
        now,
        bodyType: before.hasBodyRules ? await readBodyType?.() : undefined,
      })
      const mark = this.#mark(checkId, ping.requestId, {
        number: after.pingCount,
        expiresAt: expiryAfter(MARK_DAYS, now),
      })
      const refusals = await transact(this.#database, [mark, ...this.#change(before, after)])
      if (refusals.length === 0) return { number: after.pingCount }
      await backOff(attempt)
    }
    throw new Error(`heartbeat ${checkId} changed ${TRIES} times while a ping was being replayed`)
  }

  async #marked(checkId: string, requestId: string): Promise<number | undefined> {
    const mark = await this.#database.get({
      table: this.#tables.Journal,
      key: { check: checkId, entry: replayEntry(requestId) },
      isCurrent: true,
    })
    return mark && Number(mark['number'])
  }

  #mark(
    checkId: string,
    requestId: string,
    fields: { readonly number: number; readonly expiresAt: number },
  ): Write {
    return {
      put: {
        table: this.#tables.Journal,
        item: { check: checkId, entry: replayEntry(requestId), ...fields },
        condition: 'attribute_not_exists(entry)',
      },
    }
  }

  /**
   * The write is also tied to the count of pings, so that the number is the one in the mark. There
   * is no write when the heartbeat holds the ping already.
   */
  #change(before: Heartbeat, after: Heartbeat): Write[] {
    if (after === before) return []
    const { update, condition, values } = allowedChange(before, after)
    return [
      {
        update: {
          table: this.#tables.Heartbeats,
          key: { id: before.id },
          update,
          condition: `${condition} AND ${attribute.count} = :was_count`,
          values: { ...values, ':was_count': before.pingCount },
        },
      },
    ]
  }
}
