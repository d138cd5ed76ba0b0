import { type KeyKind, makeKey } from '../../domain/people/api-key.ts'
import type { Database, Item } from '../../runtime/database.ts'
import type { Random } from '../../runtime/random.ts'
import { keySort, registryKeys } from '../keys.ts'
import {
  checksDeletion,
  keyRotation,
  projectClosing,
  projectDeletion,
  type StoredKey,
  storedKeyOf,
} from './project-writes.ts'
import { type NoteUnreadable, readEach } from '../items/read-each.ts'
import { type CheckRecord, isCheck, itemName, registryItems } from './registry-item.ts'
import { transact } from '../items/transaction.ts'

/** The most checks of one `deleteChecks`: a transaction takes 100 items, and a check is three. */
export const MOST_CHECKS_AT_ONCE = 33

/**
 * What only an operator does to projects, with credentials that no function has: keys and the end
 * of a project. It finds keys by a scan of the registry, because all other look-ups start from the
 * key. A scan costs $0.03 for a million checks, and nothing to maintain.
 */
export class Projects {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** The keys of all projects. */
  async keys(note?: NoteUnreadable): Promise<readonly StoredKey[]> {
    const scan = {
      table: this.#table,
      filter: 'sk = :key',
      values: { ':key': keySort },
      isCurrent: true,
    }
    const keys: StoredKey[] = []
    for await (const items of this.#database.scan(scan))
      keys.push(...readEach(items, storedKeyOf, { nameOf: itemName, note }))
    return keys
  }

  /**
   * Replaces a project's key of a kind. The old key opens nothing any more, and the new one can't
   * be read again.
   */
  async rotateKey(
    projectId: string,
    kind: KeyKind,
    now: number,
    random: Random,
  ): Promise<{ readonly key: string } | 'missing' | 'changed'> {
    const item = await this.#database.get({
      table: this.#table,
      key: registryKeys.project(projectId),
      isCurrent: true,
    })
    if (item === undefined) return 'missing'
    const old = (await this.#keysOf(projectId)).filter((each) => each.kind === kind)
    const key = makeKey(kind, (count) => random.bytes(count))
    const rotation = { project: registryItems.project(item), kind, key, old, now }
    const refusals = await transact(this.#database, keyRotation(this.#table, rotation))
    return refusals.length === 0 ? { key } : 'changed'
  }

  /** Takes a project's keys and lets nobody add a check to it. Done twice it does the same. */
  async close(projectId: string): Promise<'closed' | 'missing'> {
    const refusals = await transact(
      this.#database,
      projectClosing(this.#table, projectId, await this.#keysOf(projectId)),
    )
    return refusals.length === 0 ? 'closed' : 'missing'
  }

  /**
   * Removes some checks of a project, all or none: none when one of them has changed since it was
   * read.
   */
  async deleteChecks(
    projectId: string,
    checks: readonly CheckRecord[],
  ): Promise<'deleted' | 'changed'> {
    if (checks.length > MOST_CHECKS_AT_ONCE)
      throw new Error(`checks must be ${MOST_CHECKS_AT_ONCE} at most, got ${checks.length}`)
    const refusals = await transact(this.#database, checksDeletion(this.#table, projectId, checks))
    return refusals.length === 0 ? 'deleted' : 'changed'
  }

  /**
   * Removes a project that has no checks left, with everything else in its partition, channels
   * included.
   */
  async remove(projectId: string): Promise<'removed' | 'has-checks'> {
    const { pk, sk } = registryKeys.project(projectId)
    const kept: readonly unknown[] = [sk, registryKeys.census(projectId).sk]
    const query = {
      table: this.#table,
      where: 'pk = :partition',
      values: { ':partition': pk },
      isCurrent: true,
    }
    for await (const items of this.#database.query(query)) {
      for (const item of items)
        if (!kept.includes(item['sk']) && !isCheck(item)) await this.#delete(item)
    }
    const refusals = await transact(this.#database, projectDeletion(this.#table, projectId))
    return refusals.length === 0 ? 'removed' : 'has-checks'
  }

  async #keysOf(projectId: string): Promise<readonly StoredKey[]> {
    return (await this.keys()).filter((key) => key.projectId === projectId)
  }

  async #delete(item: Item): Promise<void> {
    await this.#database.delete({ table: this.#table, key: registryItems.place(item) })
  }
}
