import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  paginateScan,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { type KeyKind, makeKey } from '../../domain/people/api-key.ts'
import type { Random } from '../../runtime/random.ts'
import { checkPrefix, keySort, registryKeys } from '../keys.ts'
import {
  checksDeletion,
  keyRotation,
  projectClosing,
  projectDeletion,
  type StoredKey,
  storedKeyOf,
} from './project-writes.ts'
import { type NoteUnreadable, readEach } from '../items/read-each.ts'
import { type CheckRecord, type Item, itemName, registryItems } from './registry-item.ts'
import { transact } from '../items/transaction.ts'

/**
 * How many checks one call of `deleteChecks` takes: a transaction has at most 100 items, and a
 * check is three.
 */
export const MOST_CHECKS_AT_ONCE = 33

/**
 * What only an operator does to projects, with credentials that no function has: keys and the end
 * of a project. Keys are found by a scan of the registry, since all that looks them up otherwise
 * has the key: it costs $0.03 for a million checks, and nothing to maintain.
 */
export class Projects {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  /** The keys of all projects. */
  async keys(note?: NoteUnreadable): Promise<readonly StoredKey[]> {
    const input = {
      TableName: this.#table,
      FilterExpression: 'sk = :key',
      ExpressionAttributeValues: marshall({ ':key': keySort }),
      ConsistentRead: true,
    }
    const keys: StoredKey[] = []
    for await (const page of paginateScan({ client: this.#client }, input))
      keys.push(...readEach(page.Items ?? [], storedKeyOf, { nameOf: itemName, note }))
    return keys
  }

  /**
   * Replaces a project's key of a kind. The old one opens nothing any more, and the new one can't
   * be read again.
   */
  async rotateKey(
    projectId: string,
    kind: KeyKind,
    now: number,
    random: Random,
  ): Promise<{ readonly key: string } | 'missing' | 'changed'> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: marshall(registryKeys.project(projectId)),
        ConsistentRead: true,
      }),
    )
    if (Item === undefined) return 'missing'
    const old = (await this.#keysOf(projectId)).filter((each) => each.kind === kind)
    const key = makeKey(kind, (count) => random.bytes(count))
    const rotation = { project: registryItems.project(Item), kind, key, old, now }
    const refusals = await transact(this.#client, keyRotation(this.#table, rotation))
    return refusals.length === 0 ? { key } : 'changed'
  }

  /** Takes a project's keys and lets nobody add a check to it. Done twice it does the same. */
  async close(projectId: string): Promise<'closed' | 'missing'> {
    const refusals = await transact(
      this.#client,
      projectClosing(this.#table, projectId, await this.#keysOf(projectId)),
    )
    return refusals.length === 0 ? 'closed' : 'missing'
  }

  /**
   * Removes some checks of a project, all or none: none when one of them is not any more as it was
   * read.
   */
  async deleteChecks(
    projectId: string,
    checks: readonly CheckRecord[],
  ): Promise<'deleted' | 'changed'> {
    if (checks.length > MOST_CHECKS_AT_ONCE)
      throw new Error(`checks must be ${MOST_CHECKS_AT_ONCE} at most, got ${checks.length}`)
    const refusals = await transact(this.#client, checksDeletion(this.#table, projectId, checks))
    return refusals.length === 0 ? 'deleted' : 'changed'
  }

  /**
   * Removes a project that has no check any more, and whatever else is in its partition, its
   * channels among it.
   */
  async remove(projectId: string): Promise<'removed' | 'has-checks'> {
    const { pk, sk } = registryKeys.project(projectId)
    const kept: readonly unknown[] = [sk, registryKeys.census(projectId).sk]
    const input = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :partition',
      ExpressionAttributeValues: marshall({ ':partition': pk }),
      ConsistentRead: true,
    }
    for await (const page of paginateQuery({ client: this.#client }, input)) {
      for (const item of page.Items ?? [])
        if (!kept.includes(item['sk']?.S) && !isCheck(item)) await this.#delete(item)
    }
    const refusals = await transact(this.#client, projectDeletion(this.#table, projectId))
    return refusals.length === 0 ? 'removed' : 'has-checks'
  }

  async #keysOf(projectId: string): Promise<readonly StoredKey[]> {
    return (await this.keys()).filter((key) => key.projectId === projectId)
  }

  async #delete(item: Item): Promise<void> {
    const { pk, sk } = item
    if (pk === undefined || sk === undefined)
      throw new Error('an item of the registry must have both its keys')
    await this.#client.send(new DeleteItemCommand({ TableName: this.#table, Key: { pk, sk } }))
  }
}

function isCheck(item: Item): boolean {
  return item['sk']?.S?.startsWith(checkPrefix) === true
}
