import * as z from 'zod'
import type { DigestEntry, DigestInterval } from '../../domain/telling/digest.ts'
import type { DigestTurn } from '../../domain/telling/digest-turn.ts'
import { tellingKey } from '../../domain/telling/telling.ts'
import { statuses } from '../../domain/watching/heartbeat.ts'
import type { Database, Item, Key, Written } from '../../runtime/database.ts'
import { type ClaimTerms, type DeliveryUpdate, attributeNames } from './delivery-expressions.ts'
import { expiryAfter } from '../items/expiry.ts'
import { digestPartition, turnEntry, waitingEntry, waitingPrefixes } from '../keys.ts'
import { allOf } from '../items/all-of.ts'
import { readEach } from '../items/read-each.ts'

/**
 * Longer than dead letters are kept, so that a digest that nobody could send still has its flips
 * when they are redriven.
 */
const WAITING_DAYS = 15
const status = z.enum(statuses)
const entryShape: z.ZodType<DigestEntry> = z.object({
  flip: z.object({
    checkId: z.string(),
    at: z.number(),
    count: z.number(),
    status,
    from: status,
    reason: z.enum(['', 'timeout', 'fail']),
    downSinceAt: z.number().exactOptional(),
  }),
  cause: z.enum(['missed', 'unfinished', 'failed', 'too-short', 'too-often', 'recovered']),
  telling: z.number().exactOptional(),
  name: z.string(),
  timeZone: z.string(),
  gatheredAt: z.number(),
  every: z.enum(['minute', 'hour']).exactOptional(),
})

/** The clauses that `takeDigestTurn` states. */
const takeable = {
  isNew: 'attribute_not_exists(#leaseUntil)',
  isOver: '#leaseUntil <= :now',
  isOurs: '#claimant = :claimant',
}

/** When the next of each is due, in the item that they share. */
const dueNames = { minute: 'dueAt', hour: 'hourlyDueAt' } as const

/**
 * `entries` wait for a digest, `broken` are those that can't be read. `isFull` says that asking
 * again brings more once these are told.
 */
export type Waiting = {
  readonly entries: readonly DigestEntry[]
  readonly broken: readonly string[]
  readonly isFull: boolean
}

/**
 * Flips that wait for the digests of a channel, when those are due, and whose turn it is to send
 * one.
 */
export class Digests {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** Lets a flip wait; one that waits already goes on waiting. */
  async add(channelId: string, entry: DigestEntry): Promise<void> {
    const expiresAt = expiryAfter(WAITING_DAYS, entry.gatheredAt)
    await this.#update(waitingKey(channelId, entry), {
      update: 'SET #details = :details, #expiresAt = :expiresAt',
      names: attributeNames('details', 'expiresAt'),
      values: { ':details': entry, ':expiresAt': expiresAt },
    })
  }

  /** When the next digest is due. Undefined, or a past instant, means that none was asked for. */
  async dueAt(channelId: string, every: DigestInterval): Promise<number | undefined> {
    const turn = await this.#database.get({
      table: this.#table,
      key: turnKey(channelId),
      isCurrent: true,
    })
    const dueAt = turn?.[dueNames[every]]
    return dueAt === undefined ? undefined : Number(dueAt)
  }

  async markDue(channelId: string, every: DigestInterval, dueAt: number): Promise<void> {
    await this.#update(turnKey(channelId), {
      update: 'SET #dueAt = :dueAt, #expiresAt = :expiresAt',
      names: { '#dueAt': dueNames[every], ...attributeNames('expiresAt') },
      values: { ':dueAt': dueAt, ':expiresAt': expiryAfter(WAITING_DAYS, dueAt) },
    })
  }

  /** Takes the turn to send a channel's digests. */
  async takeTurn(
    channelId: string,
    { claimant, now, leaseUntil, expiresAt }: ClaimTerms,
  ): Promise<DigestTurn> {
    const written = await this.#update(turnKey(channelId), {
      update: 'SET #claimant = :claimant, #leaseUntil = :leaseUntil, #expiresAt = :expiresAt',
      condition: Object.values(takeable).join(' OR '),
      names: attributeNames('claimant', 'leaseUntil', 'expiresAt'),
      values: {
        ':claimant': claimant,
        ':leaseUntil': leaseUntil,
        ':now': now,
        ':expiresAt': Math.max(expiresAt, expiryAfter(WAITING_DAYS, now)),
      },
    })
    return written.isWritten ? 'taken' : { leasedUntil: Number(written.found?.['leaseUntil'] ?? 0) }
  }

  /** Ends a turn early, unless another has taken it over. */
  async endTurn(channelId: string, claimant: string): Promise<void> {
    await this.#update(turnKey(channelId), {
      update: 'SET #leaseUntil = :none',
      condition: takeable.isOurs,
      names: attributeNames('claimant', 'leaseUntil'),
      values: { ':none': 0, ':claimant': claimant },
    })
  }

  /**
   * The waiting flips, oldest first, up to so many. An unreadable one goes on waiting, and is
   * named.
   */
  async waiting(
    channelId: string,
    every: DigestInterval,
    { limit, now }: { readonly limit: number; readonly now: number },
  ): Promise<Waiting> {
    const query = {
      table: this.#table,
      where: '#check = :check AND begins_with(#entry, :prefix)',
      filter: '#expiresAt > :now',
      names: attributeNames('check', 'entry', 'expiresAt'),
      values: {
        ':check': digestPartition(channelId),
        ':prefix': waitingPrefixes[every],
        ':now': now / 1000,
      },
      isCurrent: true,
      limit,
    }
    const items = await allOf(this.#database.query(query))
    const broken: string[] = []
    const nameOf = ({ entry }: Item) => `${channelId} ${String(entry)}`
    const entries = readEach(items, (item) => entryShape.parse(item['details']), {
      nameOf,
      note: (name) => broken.push(name),
    })
    // Unreadable entries stay where they are. With nothing else in reach, asking again would only
    // find them again.
    return { entries, broken, isFull: items.length === limit && entries.length > 0 }
  }

  #update(key: Key, update: DeliveryUpdate): Promise<Written> {
    return this.#database.update({ table: this.#table, key, ...update, showsFound: true })
  }
}

function turnKey(channelId: string) {
  return { check: digestPartition(channelId), entry: turnEntry }
}

export function waitingKey(channelId: string, { flip, telling, every = 'minute' }: DigestEntry) {
  return {
    check: digestPartition(channelId),
    entry: waitingEntry(every, tellingKey(flip, telling), flip.checkId),
  }
}
