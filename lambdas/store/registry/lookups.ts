import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { BodyRules } from '../../domain/watching/body-rules.ts'
import type { Alias, Lookup } from '../../domain/watching/lookup.ts'
import type { MailRules } from '../../domain/watching/mail-rules.ts'
import { readBatch } from '../items/batch-read.ts'
import { expiryAfter } from '../items/expiry.ts'
import { type LookupKey, lookupKeys } from '../keys.ts'
import { type Item, lookupItem, lookupOfItem, memberName, membersOf } from './lookup-item.ts'
import { type NoteUnreadable, readEach } from '../items/read-each.ts'
import { transact, type Write } from '../items/transaction.ts'

const TRIES = 10
const TOMBSTONE_DAYS = 2

/**
 * What pings look up where the registry is out of their reach: slugs, rules on bodies, ping keys.
 * Each check has one item here that tells its version and its alias, and no alias is written but in
 * one transaction with it, so that none is ever forgotten (docs/decisions/0006).
 */
export class Lookups {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
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

  /** What is stored of each check, as it is now; of a deleted one, the version of the deletion. */
  async readMany(
    checkIds: readonly string[],
    note?: NoteUnreadable,
  ): Promise<ReadonlyMap<string, Lookup>> {
    const idOf = new Map(checkIds.map((id) => [lookupKeys.check(id).key, id]))
    const items = await readBatch(
      this.#client,
      this.#table,
      [...idOf.keys()].map((key): LookupKey => ({ key })),
    )
    const nameOf = (item: Item) => idOf.get(item['key']?.S ?? '') ?? ''
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
   */
  creation(checkId: string, lookup: Lookup): readonly Write[] {
    return this.#writes(checkId, { before: undefined, after: lookup })
  }

  /**
   * Leaves a tombstone where a deleted check was, so that a late event can't bring it back.
   * `version` is that of the deletion.
   */
  async bury(checkId: string, version: number, now: number): Promise<void> {
    await this.#replace(checkId, { version }, expiryAfter(TOMBSTONE_DAYS, now))
  }

  async addPingKey(pingKey: string, projectId: string): Promise<void> {
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#table,
        Item: marshall({ ...lookupKeys.pingKey(pingKey), projectId }),
      }),
    )
  }

  async removePingKey(pingKey: string): Promise<void> {
    await this.#client.send(
      new DeleteItemCommand({ TableName: this.#table, Key: marshall(lookupKeys.pingKey(pingKey)) }),
    )
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
        this.#client,
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
    return [{ Put: { ...this.#at(), Item: entry, ...isStill(before) } }, ...moves]
  }

  #move(checkId: string, from: Alias | undefined, { alias: to, version }: Lookup): Write[] {
    const name = { ExpressionAttributeNames: { '#check': memberName(checkId) } }
    const at = (alias: Alias) => ({
      ...this.#at(),
      Key: marshall(lookupKeys.alias(alias)),
      ...name,
    })
    const values = { ExpressionAttributeValues: { ':version': { N: version.toString() } } }
    return [
      ...(from === undefined
        ? []
        : [{ Update: { ...at(from), UpdateExpression: 'REMOVE #check' } }]),
      ...(to === undefined
        ? []
        : [{ Update: { ...at(to), UpdateExpression: 'SET #check = :version', ...values } }]),
    ]
  }

  async #read(checkId: string): Promise<Lookup | undefined> {
    const item = await this.#get(lookupKeys.check(checkId))
    return item && lookupOfItem(item)
  }

  async #get(key: LookupKey): Promise<Item | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ ...this.#at(), Key: marshall(key), ConsistentRead: true }),
    )
    return Item
  }

  #at(): { readonly TableName: string } {
    return { TableName: this.#table }
  }
}

type Replacement = {
  readonly before: Lookup | undefined
  readonly after: Lookup
  readonly expiresAt?: number | undefined
}

/**
 * The condition that the item of a check is as it was read. At one version, only a new ping key of
 * its project changes the alias.
 */
function isStill(before: Lookup | undefined) {
  if (before === undefined) return { ConditionExpression: 'attribute_not_exists(version)' }
  const { alias, version } = before
  if (alias === undefined) {
    const values = marshall({ ':version': version })
    return {
      ConditionExpression: 'version = :version AND attribute_not_exists(alias)',
      ExpressionAttributeValues: values,
    }
  }
  const values = marshall({ ':version': version, ':alias': alias })
  return {
    ConditionExpression: 'version = :version AND alias = :alias',
    ExpressionAttributeValues: values,
  }
}
