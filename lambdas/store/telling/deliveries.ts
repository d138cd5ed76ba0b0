import * as z from 'zod'
import type { CheckDelivery } from '../../domain/telling/check-delivery.ts'
import type { LoggedCheck } from '../../domain/watching/check.ts'
import {
  type ChannelOutcome,
  type Claim,
  type Failure,
  shownError,
} from '../../domain/telling/delivery-progress.ts'
import {
  type LaterChange,
  laterChange,
  type ChangeDelivery,
} from '../../domain/telling/later-change.ts'
import type { Lease } from '../../domain/telling/lease.ts'
import { type Notice, noticeKey } from '../../domain/telling/notice.ts'
import { type NumberedFlip, tellingKey } from '../../domain/telling/telling.ts'
import {
  type ClaimTerms,
  claimUpdate,
  type DeliveryUpdate,
  attributeNames,
  ownFailureUpdate,
  sentUpdate,
} from './delivery-expressions.ts'
import { changeDeliveryOf, checkDeliveryOf } from './delivery-item.ts'
import type { Database, Item, Query, Written } from '../../runtime/database.ts'
import { allOf } from '../items/all-of.ts'
import { expiryAfter, hasExpired } from '../items/expiry.ts'
import { deliveryEntry, firstDelivery, lastDelivery, outcomeEntry } from '../keys.ts'
import { readEach } from '../items/read-each.ts'

const outcomeShape: z.ZodType<ChannelOutcome> = z.object({
  state: z.enum(['sent', 'waiting', 'failed']),
  at: z.number(),
  error: z.string(),
})

const OUTCOME_DAYS = 90

/**
 * What became of deliveries: entries of the journal, one for each telling and channel, with every
 * attempt that failed; and one for each channel.
 */
export class Deliveries {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * What came of the last attempt to send to a channel; undefined, too, when that can't be read.
   */
  async lastOutcome(channelId: string): Promise<ChannelOutcome | undefined> {
    const item = await this.#database.get({
      table: this.#table,
      key: { check: channelId, entry: outcomeEntry },
      isCurrent: true,
    })
    const outcomes = readEach(
      item === undefined ? [] : [item],
      (each) => outcomeShape.parse(each),
      {
        nameOf: () => channelId,
      },
    )
    return outcomes[0]
  }

  /** The last deliveries about a check, the latest change first. */
  async about(
    { id: checkId, logFrom = 0 }: LoggedCheck,
    limit: number,
    now: number,
  ): Promise<readonly CheckDelivery[]> {
    const query = {
      table: this.#table,
      where: '#check = :check AND #entry BETWEEN :first AND :last',
      names: attributeNames('check', 'entry'),
      values: { ':check': checkId, ':first': firstDelivery, ':last': lastDelivery },
      isBackwards: true,
      limit,
    }
    const items = await allOf(this.#database.query(query))
    const current = items.filter((item) => !hasExpired(item, now))
    const deliveries = readEach(current, checkDeliveryOf, {
      nameOf: ({ entry }) => `${checkId} ${String(entry)}`,
    })
    return deliveries.filter(({ change }) => change.at >= logFrom)
  }

  /** Whether a delivery has arrived: its channel has taken it. */
  async isSent({
    subject,
    key,
    channelId,
  }: {
    readonly subject: string
    readonly key: string
    readonly channelId: string
  }): Promise<boolean> {
    const delivery = await this.#database.get({
      table: this.#table,
      key: { check: subject, entry: deliveryEntry(key, channelId) },
      isCurrent: true,
    })
    return delivery?.['state'] === 'sent'
  }

  /**
   * Takes a delivery until the lease ends, so that only one sends it at a time. The entry knows of
   * earlier attempts, while a message that was sent anew does not.
   */
  async claim(notice: Notice, terms: ClaimTerms): Promise<Claim> {
    const written = await this.#update(notice, claimUpdate(terms))
    if (written.isWritten)
      return Number(written.item?.['attempts'] ?? 1) > 1 ? 'claimed again' : 'claimed'
    return written.found?.['state'] === 'sending'
      ? { leasedUntil: Number(written.found['leaseUntil'] ?? 0) }
      : 'settled'
  }

  /**
   * Settles a delivery: its channel has taken it, by an attempt that began then. The remark is for
   * the channel's owner.
   */
  async markSent(
    notice: Notice,
    now: number,
    {
      startedAt = now,
      remark = '',
    }: { readonly startedAt?: number; readonly remark?: string } = {},
  ): Promise<void> {
    await this.#update(notice, sentUpdate(now))
    await this.noteOutcome(
      notice.channel.id,
      { state: 'sent', at: now, error: remark },
      { startedAt },
    )
  }

  /** Settles a delivery that no further attempt would get through. */
  async markFailed(notice: Notice, failure: Failure): Promise<void> {
    await this.#noteFailure(notice, 'failed', failure)
  }

  /** Gives a delivery back after an attempt that failed, for the next one. */
  async release(notice: Notice, failure: Failure): Promise<void> {
    await this.#noteFailure(notice, 'waiting', failure)
  }

  /** Gives a delivery back untried, which says nothing new of its channel. */
  async defer(notice: Notice, failure: Failure): Promise<void> {
    await this.#updateOwn(notice, 'waiting', failure)
  }

  /** Settles a delivery that has nothing to tell any more. It says nothing of its channel. */
  async drop(notice: Notice, failure: Failure): Promise<void> {
    await this.#updateOwn(notice, 'failed', failure)
  }

  /**
   * What became of what was told later of the same check, by the deliveries to the channel. Reads
   * those whose keys sort behind the telling's own, newest first, until one was sent.
   */
  async laterThan(
    told: NumberedFlip,
    channelId: string,
    terms: Pick<Lease, 'claimant' | 'now'>,
  ): Promise<LaterChange> {
    const nameOf = ({ entry }: Item) => `${told.flip.checkId} ${String(entry)}`
    const found: ChangeDelivery[] = []
    let later: LaterChange
    for await (const items of this.#database.query(queryBehind(this.#table, told, channelId))) {
      found.push(...readEach(items, (item) => changeDeliveryOf(item, channelId), { nameOf }))
      later = laterChange({ change: told.flip, telling: told.telling }, terms, found)
      if (later === 'sent') break
    }
    return later
  }

  async #noteFailure(notice: Notice, state: 'failed' | 'waiting', failure: Failure): Promise<void> {
    await this.#updateOwn(notice, state, failure)
    await this.noteOutcome(notice.channel.id, { state, at: failure.at, error: failure.error })
  }

  /**
   * A late write must not undo what came of a later attempt, and a repeated write is noted once.
   */
  async #updateOwn(notice: Notice, state: 'failed' | 'waiting', failure: Failure): Promise<void> {
    await this.#update(notice, ownFailureUpdate(state, failure))
  }

  /**
   * Notes a channel's outcome and counts its failures in a row. It costs one more write a delivery,
   * so that a channel's state can be read without a look at all checks. That a mail was sent which
   * is known to have bounced by now is no news.
   */
  async noteOutcome(
    channelId: string,
    { state, at, error }: ChannelOutcome,
    {
      startedAt = at,
      isOfMail = false,
    }: { readonly startedAt?: number; readonly isOfMail?: boolean } = {},
  ): Promise<void> {
    const isSent = state === 'sent'
    const counted = isSent
      ? { set: ', #failures = :failures', rest: ' REMOVE #denial' }
      : { set: isOfMail ? ', #mailFailedAt = :at' : '', rest: ' ADD #failures :failures' }
    await this.#database.update({
      table: this.#table,
      key: { check: channelId, entry: outcomeEntry },
      update: `SET #state = :state, #at = :at, #error = :error, #expiresAt = :expiresAt${counted.set}${counted.rest}`,
      names: attributeNames(
        ...['state', 'at', 'error', 'expiresAt', 'failures'],
        ...(isSent ? ['denial'] : []),
        ...(isSent || isOfMail ? ['mailFailedAt'] : []),
      ),
      ...(isSent && {
        condition: 'attribute_not_exists(#mailFailedAt) OR #mailFailedAt < :startedAt',
      }),
      values: {
        ':state': state,
        ':at': at,
        ':error': shownError(error),
        ':expiresAt': expiryAfter(OUTCOME_DAYS, at),
        ':failures': isSent ? 0 : 1,
        ...(isSent && { ':startedAt': startedAt }),
      },
    })
  }

  async #update(notice: Notice, update: DeliveryUpdate): Promise<Written> {
    const { subject, key } = noticeKey(notice)
    return this.#database.update({
      table: this.#table,
      key: { check: subject, entry: deliveryEntry(key, notice.channel.id) },
      ...update,
      showsWritten: true,
      showsFound: true,
    })
  }
}

function queryBehind(table: string, { flip, telling }: NumberedFlip, channelId: string): Query {
  return {
    table,
    where: '#check = :check AND #entry BETWEEN :own AND :last',
    names: attributeNames('check', 'entry'),
    values: {
      ':check': flip.checkId,
      ':own': deliveryEntry(tellingKey(flip, telling), channelId),
      ':last': lastDelivery,
    },
    isBackwards: true,
    // When two look at the same time, one has to see the other's claim.
    isCurrent: true,
  }
}
