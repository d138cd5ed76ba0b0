import type { BodyRules } from '../../domain/watching/body-rules.ts'
import type { Alias, Lookup } from '../../domain/watching/lookup.ts'
import type { MailRules } from '../../domain/watching/mail-rules.ts'
import type { Conditional, Database, Item, Write } from '../../runtime/database.ts'
import { expiryAfter } from '../items/expiry.ts'
import { type LookupKey, lookupKeys } from '../keys.ts'
import { lookupItem, lookupOfItem, memberName, membersOf } from './lookup-item.ts'
import { type NoteUnreadable, readEach } from '../items/read-each.ts'
import { transact } from '../items/transaction.ts'

const TRIES = 10
const TOMBSTONE_DAYS = 2

/**
 * What pings look up, as the registry is out of their reach: slugs, rules on bodies, ping keys.
 * Each check has one item here with its version and its alias. An alias is only written in one
 * transaction with that item, so that none is ever forgotten (docs/decisions/0006).
 */
export class Lookups {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** The checks that a slug URL names, as it is now. */
  async checksBehind(alias: Alias): Promise<readonly string[]> {
    const item = await this.#get(lookupKeys.alias(alias))
    return item === undefined ? [] : membersOf(item)
  }

  /** A check's rules on bodies, as they are now; undefined when it has none. */
  async bodyRules(checkId: string): Promise<BodyRules | undefined> {
    return (await this.#read(checkId))?.bodyRules
  }

  /** A check's rules on mails, as they are now; undefined when it has none. */
  async mailRules(checkId: string): Promise<MailRules | undefined> {
    return (await this.#read(checkId))?.mailRules
  }

  async isPingKey(pingKey: string): Promise<boolean> {
    return (await this.#get(lookupKeys.pingKey(pingKey))) !== undefined
  }

  /**
   * The stored lookup of each check, as it is now. A deleted check has only the version of its
   * deletion.
   */
  async readMany(
    checkIds: readonly string[],
    note?: NoteUnreadable,
  ): Promise<ReadonlyMap<string, Lookup>> {
    const idOf = new Map(checkIds.map((id) => [lookupKeys.check(id).key, id]))
    const items = await this.#database.getSome(
      this.#table,
      [...idOf.keys()].map((key): LookupKey => ({ key })),
    )
    const nameOf = ({ key }: Item) => idOf.get(String(key)) ?? ''
    return new Map(
      readEach(items, (item) => [nameOf(item), lookupOfItem(item)] as const, { nameOf, note }),
    )
  }

  /** Writes what is to be looked up of a check, unless that, or a newer version, is stored. */
  async define(checkId: string, lookup: Lookup): Promise<'written' | 'unchanged'> {
    return this.#replace(checkId, lookup)
  }

  /**
   * What is to be looked up of a check that is made in the same transaction: two writes at most.
   * @param buried what an earlier check of this id has left, if there was one
   */
  creation(checkId: string, lookup: Lookup, buried?: Lookup): readonly Write[] {
    return this.#writes(checkId, { before: buried, after: lookup })
  }

  /**
   * Leaves a tombstone where a deleted check was, so that a late event can't bring it back.
   * `version` is that of the deletion.
   */
  async bury(checkId: string, version: number, now: number): Promise<void> {
    await this.#replace(checkId, { version }, expiryAfter(TOMBSTONE_DAYS, now))
  }

  async addPingKey(pingKey: string, projectId: string): Promise<void> {
    await this.#database.put({
      table: this.#table,
      item: { ...lookupKeys.pingKey(pingKey), projectId },
    })
  }

  async removePingKey(pingKey: string): Promise<void> {
    await this.#database.delete({ table: this.#table, key: lookupKeys.pingKey(pingKey) })
  }

  async #replace(
    checkId: string,
    lookup: Lookup,
    expiresAt?: number,
  ): Promise<'written' | 'unchanged'> {
    // Not imported: pings read here, too, and don't need it; as an ES module it is slow to load.
    const { isDeepStrictEqual } = process.getBuiltinModule('node:util')
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const before = await this.#read(checkId)
      if (
        before !== undefined &&
        (before.version > lookup.version || isDeepStrictEqual(before, lookup))
      )
        return 'unchanged'
      const refusals = await transact(
        this.#database,
        this.#writes(checkId, { before, after: lookup, expiresAt }),
      )
      if (refusals.length === 0) return 'written'
    }
    throw new Error(
      `lookups of check ${checkId} changed ${TRIES} times while they were being written`,
    )
  }

  #writes(checkId: string, { before, after, expiresAt }: Replacement): Write[] {
    // Not imported: pings read here, too, and don't need it; as an ES module it is slow to load.
    const { isDeepStrictEqual } = process.getBuiltinModule('node:util')
    const entry = lookupItem(after, lookupKeys.check(checkId), expiresAt)
    const moves = isDeepStrictEqual(before?.alias, after.alias)
      ? []
      : this.#move(checkId, before?.alias, after)
    return [{ put: { table: this.#table, item: entry, ...isStill(before) } }, ...moves]
  }

  #move(checkId: string, from: Alias | undefined, { alias: to, version }: Lookup): Write[] {
    const at = (alias: Alias) => ({
      table: this.#table,
      key: lookupKeys.alias(alias),
      names: { '#check': memberName(checkId) },
    })
    const values = { ':version': version }
    return [
      ...(from === undefined ? [] : [{ update: { ...at(from), update: 'REMOVE #check' } }]),
      ...(to === undefined
        ? []
        : [{ update: { ...at(to), update: 'SET #check = :version', values } }]),
    ]
  }

  async #read(checkId: string): Promise<Lookup | undefined> {
    const item = await this.#get(lookupKeys.check(checkId))
    return item && lookupOfItem(item)
  }

  async #get(key: LookupKey): Promise<Item | undefined> {
    return this.#database.get({ table: this.#table, key, isCurrent: true })
  }
}

type Replacement = {
  readonly before: Lookup | undefined
  readonly after: Lookup
  readonly expiresAt?: number | undefined
}

/**
 * The condition that a check's item is still as it was read. Within one version, only a new ping
 * key of the project changes the alias.
 */
function isStill(before: Lookup | undefined): Conditional {
  if (before === undefined) return { condition: 'attribute_not_exists(version)' }
  const { alias, version } = before
  return alias === undefined
    ? {
        condition: 'version = :version AND attribute_not_exists(alias)',
        values: { ':version': version },
      }
    : {
        condition: 'version = :version AND alias = :alias',
        values: { ':version': version, ':alias': alias },
      }
}
