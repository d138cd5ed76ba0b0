import * as z from 'zod'
import type { Suppression } from '../../domain/telling/channel.ts'
import { afterLink, inboxOf } from '../../domain/telling/link-limit.ts'
import type { MailFailure } from '../../domain/telling/mail-failure.ts'
import type { Conditional, Database, Key } from '../../runtime/database.ts'
import { expiryAfter } from '../items/expiry.ts'
import { addressPartition } from '../keys.ts'

const TRIES = 5

const suppressionShape: z.ZodType<Suppression> = z.object({
  reason: z.enum(['bounce', 'complaint']),
  detail: z.string(),
  at: z.number(),
})
const linksShape = z.object({ mailedAt: z.array(z.number()) })

/** What is known of mail addresses, whatever project names them. An address is kept as a hash. */
export class Addresses {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** Why an address gets no alerts; undefined when it does. */
  async suppression(address: string): Promise<Suppression | undefined> {
    const item = await this.#database.get(this.#at(suppressionKey(address)))
    const suppression = item?.['suppression']
    return suppression === undefined ? undefined : suppressionShape.parse(suppression)
  }

  /**
   * Keeps alerts from an address, unless it was verified after the mail that failed: somebody has
   * said since that it is good again.
   */
  async suppress({
    address,
    mailedAt,
    reason,
    detail,
    at,
  }: MailFailure): Promise<'suppressed' | 'unchanged'> {
    const { isWritten } = await this.#database.update({
      ...this.#at(suppressionKey(address)),
      update: 'SET suppression = :suppression',
      condition: 'attribute_not_exists(verifiedAt) OR verifiedAt <= :mailedAt',
      values: { ':suppression': { reason, detail, at }, ':mailedAt': mailedAt },
    })
    return isWritten ? 'suppressed' : 'unchanged'
  }

  /** Notes that somebody has followed a link, which shows that mail arrives. */
  async verify(address: string, now: number): Promise<void> {
    await this.#database.update({
      ...this.#at(suppressionKey(address)),
      update: 'SET verifiedAt = :now REMOVE suppression',
      values: { ':now': now },
    })
  }

  /**
   * Notes that a link is about to be mailed to an address, unless it has got enough. A read and a
   * write.
   */
  async takeLink(address: string, now: number): Promise<'taken' | 'used up'> {
    return this.#changeLinks(address, now, (mailedAt) => afterLink(mailedAt, now))
  }

  /** Undoes `takeLink` of that instant: the link was never mailed. */
  async giveBackLink(address: string, takenAt: number): Promise<void> {
    await this.#changeLinks(address, takenAt, (mailedAt) => mailedAt.filter((at) => at !== takenAt))
  }

  async #changeLinks(
    address: string,
    now: number,
    change: (mailedAt: readonly number[]) => readonly number[] | undefined,
  ): Promise<'taken' | 'used up'> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const item = await this.#database.get({ ...this.#at(linksKey(address)), isCurrent: true })
      const before = item === undefined ? undefined : linksShape.parse(item).mailedAt
      const after = change(before ?? [])
      if (after === undefined) return 'used up'
      const { isWritten } = await this.#database.put({
        table: this.#table,
        item: { ...linksKey(address), mailedAt: after, expiresAt: expiryAfter(1, now) },
        ...isStill(before),
      })
      if (isWritten) return 'taken'
    }
    throw new Error(`the links of an address changed ${TRIES} times while one was being noted`)
  }

  #at(key: Key) {
    return { table: this.#table, key }
  }
}

function suppressionKey(address: string) {
  return { check: addressPartition(address.toLowerCase()), entry: 'suppression' }
}

function linksKey(address: string) {
  return { check: addressPartition(inboxOf(address)), entry: 'links' }
}

function isStill(before: readonly number[] | undefined): Conditional {
  return before === undefined
    ? { condition: 'attribute_not_exists(entry)' }
    : { condition: 'mailedAt = :before', values: { ':before': before } }
}
