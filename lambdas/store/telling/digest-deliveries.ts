import type { DigestEntry } from '../../domain/telling/digest.ts'
import type { Failure } from '../../domain/telling/delivery-progress.ts'
import { tellingKey } from '../../domain/telling/telling.ts'
import type { Database, Refusal, Write } from '../../runtime/database.ts'
import { groupsOf, inGroups } from '../../runtime/groups.ts'
import {
  type ClaimTerms,
  claimUpdate,
  type DeliveryUpdate,
  failureUpdate,
  ownFailureUpdate,
  sentUpdate,
} from './delivery-expressions.ts'
import { waitingKey } from './digests.ts'
import { deliveryEntry } from '../keys.ts'
import { transact } from '../items/transaction.ts'

/** DynamoDB takes a hundred writes in one transaction. */
const TRANSACTION_SIZE = 100
const CONCURRENT_TRANSACTIONS = 4

/**
 * The result of claiming the deliveries of a digest. Leased deliveries are being sent by another.
 */
export type DigestClaim = {
  readonly claimed: readonly DigestEntry[]
  readonly settled: readonly DigestEntry[]
  readonly leased: readonly DigestEntry[]
}

type Refused = { readonly entry: DigestEntry; readonly found: Refusal['found'] }
type Updated = { readonly updated: readonly DigestEntry[]; readonly refused: readonly Refused[] }

export type DigestOutcome =
  { readonly state: 'sent' } | { readonly state: 'failed'; readonly error: string }

/**
 * The deliveries of flips that wait for a digest. A flip waits until its delivery to the channel is
 * settled by anybody. The delivery's own entry decides who tells it, so that a flip which also goes
 * singly is told once.
 */
export class DigestDeliveries {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * Takes the deliveries of waiting flips as single ones are taken. Those settled or under way
   * elsewhere are left out.
   */
  async claim(
    channelId: string,
    entries: readonly DigestEntry[],
    terms: ClaimTerms,
  ): Promise<DigestClaim> {
    const parts = await inChunks(entries, TRANSACTION_SIZE, (chunk) =>
      this.#claimChunk(channelId, chunk, terms),
    )
    return {
      claimed: parts.flatMap(({ claimed }) => claimed),
      settled: parts.flatMap(({ settled }) => settled),
      leased: parts.flatMap(({ leased }) => leased),
    }
  }

  /** Settles deliveries, and lets their flips wait no longer. */
  async settle(
    channelId: string,
    entries: readonly DigestEntry[],
    outcome: DigestOutcome & { readonly now: number },
  ): Promise<void> {
    const update =
      outcome.state === 'sent'
        ? sentUpdate(outcome.now)
        : failureUpdate('failed', outcome.error, outcome.now)
    await inChunks(entries, TRANSACTION_SIZE / 2, async (chunk) => {
      const items = chunk.flatMap((entry) => [
        this.#updated(channelId, entry, update),
        this.#removed(channelId, entry),
      ])
      await transact(this.#database, items)
    })
  }

  /** Gives deliveries back after an attempt that failed: their flips go on waiting. */
  async release(
    channelId: string,
    entries: readonly DigestEntry[],
    failure: Failure,
  ): Promise<void> {
    const update = ownFailureUpdate('waiting', failure)
    await inChunks(entries, TRANSACTION_SIZE, (chunk) =>
      this.#updateAdmitted(channelId, chunk, update),
    )
  }

  /** Lets flips wait no longer that were told otherwise. */
  async forget(channelId: string, entries: readonly DigestEntry[]): Promise<void> {
    await inChunks(entries, TRANSACTION_SIZE, async (chunk) => {
      await transact(
        this.#database,
        chunk.map((entry) => this.#removed(channelId, entry)),
      )
    })
  }

  async #claimChunk(
    channelId: string,
    chunk: readonly DigestEntry[],
    terms: ClaimTerms,
  ): Promise<DigestClaim> {
    const { updated, refused } = await this.#updateAdmitted(channelId, chunk, claimUpdate(terms))
    const isLeased = ({ found }: Refused) => found?.['state'] === 'sending'
    return {
      claimed: updated,
      settled: refused.filter((one) => !isLeased(one)).map(({ entry }) => entry),
      leased: refused.filter(isLeased).map(({ entry }) => entry),
    }
  }

  /**
   * Repeats a transaction without what was refused, as it is refused as a whole. Each try has less.
   */
  async #updateAdmitted(
    channelId: string,
    chunk: readonly DigestEntry[],
    update: DeliveryUpdate,
  ): Promise<Updated> {
    const refused: Refused[] = []
    let left = chunk
    while (left.length > 0) {
      const refusals = await transact(
        this.#database,
        left.map((entry) => this.#updated(channelId, entry, update)),
      )
      if (refusals.length === 0) break
      const found = new Map(refusals.map((refusal) => [refusal.index, refusal.found]))
      refused.push(
        ...left.flatMap((entry, index) =>
          found.has(index) ? [{ entry, found: found.get(index) }] : [],
        ),
      )
      left = left.filter((_, index) => !found.has(index))
    }
    return { updated: left, refused }
  }

  #updated(channelId: string, { flip, telling }: DigestEntry, update: DeliveryUpdate): Write {
    const key = { check: flip.checkId, entry: deliveryEntry(tellingKey(flip, telling), channelId) }
    return { update: { table: this.#table, key, ...update, showsFound: true } }
  }

  #removed(channelId: string, entry: DigestEntry): Write {
    return { delete: { table: this.#table, key: waitingKey(channelId, entry) } }
  }
}

/** A few chunks side by side, all of them in the end. */
function inChunks<Item, Result>(
  items: readonly Item[],
  size: number,
  work: (chunk: readonly Item[]) => Promise<Result>,
): Promise<readonly Result[]> {
  return inGroups(groupsOf(items, size), CONCURRENT_TRANSACTIONS, work)
}
