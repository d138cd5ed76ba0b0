import type { Project } from '../../domain/people/project.ts'
import type { Database, Item, Write } from '../../runtime/database.ts'
import {
  apiKeyPrefix,
  memberPrefix,
  projectPrefix,
  type RegistryKey,
  registryKeys,
} from '../keys.ts'
import { ApiKeys } from './api-keys.ts'
import {
  checksDeletion,
  pingKeyRotation,
  projectClosing,
  projectDeletion,
} from './project-writes.ts'
import { type CheckRecord, isCheck, registryItems, textIn } from './registry-item.ts'
import { transact } from '../items/transaction.ts'

/** The most checks of one `deleteChecks`: a transaction takes 100 items, and a check is three. */
export const MOST_CHECKS_AT_ONCE = 33

/** What is done to projects as a whole: their ping keys and their end. */
export class Projects {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** Since when a project has its ping key; undefined while it is the first one. */
  async pingKeySince({ pingKey }: Pick<Project, 'pingKey'>): Promise<number | undefined> {
    const item = await this.#get(registryKeys.pingKey(pingKey))
    return item && registryItems.pingKey(item).createdAt
  }

  /** Replaces a project's ping key. The old one opens nothing any more. */
  async rotatePingKey(
    projectId: string,
    { key, now }: { readonly key: string; readonly now: number },
    audit: readonly Write[] = [],
  ): Promise<'replaced' | 'missing' | 'changed'> {
    const project = await this.#project(projectId)
    if (project === undefined) return 'missing'
    const writes = [...pingKeyRotation(this.#table, { project, key, now }), ...audit]
    return (await transact(this.#database, writes)).length === 0 ? 'replaced' : 'changed'
  }

  /** Gives a project another name, provided that it still has the one that was read. */
  async rename(
    { id, name: before }: Pick<Project, 'id' | 'name'>,
    name: string,
    audit: readonly Write[] = [],
  ): Promise<'renamed' | 'changed'> {
    const update = {
      table: this.#table,
      key: registryKeys.project(id),
      update: 'SET #name = :name',
      condition: '#name = :before',
      names: { '#name': 'name' },
      values: { ':name': name, ':before': before },
    }
    const refusals = await transact(this.#database, [{ update }, ...audit])
    return refusals.length === 0 ? 'renamed' : 'changed'
  }

  /** Takes a project's keys and lets nobody add a check to it. Done twice it does the same. */
  async close(projectId: string): Promise<'closed' | 'missing'> {
    const project = await this.#project(projectId)
    if (project === undefined) return 'missing'
    const keys = await new ApiKeys(this.#database, this.#table).stored(projectId)
    const refusals = await transact(this.#database, projectClosing(this.#table, project, keys))
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
   * included, and what stands elsewhere because of it.
   */
  async remove(projectId: string, audit: readonly Write[] = []): Promise<'removed' | 'has-checks'> {
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
    const writes = [...projectDeletion(this.#table, projectId), ...audit]
    const refusals = await transact(this.#database, writes)
    return refusals.length === 0 ? 'removed' : 'has-checks'
  }

  async #project(projectId: string): Promise<Project | undefined> {
    const item = await this.#get(registryKeys.project(projectId))
    return item && registryItems.project(item)
  }

  async #get(key: RegistryKey): Promise<Item | undefined> {
    return this.#database.get({ table: this.#table, key, isCurrent: true })
  }

  async #delete(item: Item): Promise<void> {
    const place = registryItems.place(item)
    const twin = twinOf(place, item)
    if (twin !== undefined) await this.#database.delete({ table: this.#table, key: twin })
    await this.#database.delete({ table: this.#table, key: place })
  }
}

/** Where else there is what an item in the partition of a project says. */
function twinOf({ pk, sk }: RegistryKey, item: Item): RegistryKey | undefined {
  const [hash, userId] = [textIn(item, 'hash'), textIn(item, 'userId')]
  if (sk.startsWith(apiKeyPrefix) && hash !== undefined) return registryKeys.hashedApiKey(hash)
  if (!sk.startsWith(memberPrefix) || userId === undefined) return undefined
  return registryKeys.membership(userId, pk.slice(projectPrefix.length))
}
