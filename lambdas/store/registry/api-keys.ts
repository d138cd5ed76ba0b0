import { type ApiKey, apiKeyLimit } from '../../domain/people/api-key.ts'
import type { Database, Write } from '../../runtime/database.ts'
import { allOf } from '../items/all-of.ts'
import { type NoteUnreadable, readEach } from '../items/read-each.ts'
import { transact } from '../items/transaction.ts'
import { apiKeyPrefix, hashOfKey, idOfKey, registryKeys } from '../keys.ts'
import { apiKeyOf, knownKey, type StoredApiKey } from './api-key-item.ts'
import { apiKeyCreation, apiKeyDeletion } from './api-key-writes.ts'
import { itemName } from './registry-item.ts'

/** A key that is to be kept, in the only place where it can be read. */
export type NewApiKey = Omit<ApiKey, 'id'> & { readonly key: string }

/** The API keys of projects, by their names. */
export class ApiKeys {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** The keys of a project, oldest first, those of one instant by name. */
  async of(projectId: string, note?: NoteUnreadable): Promise<readonly ApiKey[]> {
    return (await this.stored(projectId, note)).map(knownKey)
  }

  /** The same with their hashes, for a back-up. */
  async stored(projectId: string, note?: NoteUnreadable): Promise<readonly StoredApiKey[]> {
    const query = {
      table: this.#table,
      where: 'pk = :partition AND begins_with(sk, :prefix)',
      values: { ':partition': registryKeys.project(projectId).pk, ':prefix': apiKeyPrefix },
      isCurrent: true,
    }
    const keys = readEach(await allOf(this.#database.query(query)), apiKeyOf, {
      nameOf: itemName,
      note,
    })
    return keys.toSorted(
      (one, other) => one.createdAt - other.createdAt || (one.name < other.name ? -1 : 1),
    )
  }

  /**
   * Keeps a new key. Two at the same time may have one name, or be one too many, which is harmless.
   * @param audit what notes it, written with it
   */
  async add(
    projectId: string,
    wanted: NewApiKey,
    audit: readonly Write[] = [],
  ): Promise<ApiKey | 'missing' | 'name-taken' | 'full'> {
    const others = await this.of(projectId)
    if (others.some(({ name }) => name === wanted.name)) return 'name-taken'
    if (others.length >= apiKeyLimit) return 'full'
    const stored = storedOf(wanted)
    const writes = [...apiKeyCreation(this.#table, projectId, stored), ...audit]
    return (await transact(this.#database, writes)).length === 0 ? knownKey(stored) : 'missing'
  }

  /** Takes a key: it opens nothing from now on. */
  async revoke(
    projectId: string,
    id: string,
    audit: readonly Write[] = [],
  ): Promise<ApiKey | 'missing'> {
    const key = await this.#find(projectId, id)
    if (key === undefined) return 'missing'
    const writes = [...apiKeyDeletion(this.#table, projectId, key), ...audit]
    return (await transact(this.#database, writes)).length === 0 ? knownKey(key) : 'missing'
  }

  /** Puts a key in the place of another one, with a name and an access of its own. */
  async replace(
    projectId: string,
    { id, wanted }: { readonly id: string; readonly wanted: NewApiKey },
    audit: readonly Write[] = [],
  ): Promise<ApiKey | 'missing'> {
    const old = await this.#find(projectId, id)
    if (old === undefined) return 'missing'
    const stored = storedOf(wanted)
    const writes = [
      ...apiKeyCreation(this.#table, projectId, stored),
      ...apiKeyDeletion(this.#table, projectId, old),
      ...audit,
    ]
    return (await transact(this.#database, writes)).length === 0 ? knownKey(stored) : 'missing'
  }

  async #find(projectId: string, id: string): Promise<StoredApiKey | undefined> {
    return (await this.stored(projectId)).find(({ hash }) => idOfKey(hash) === id)
  }
}

function storedOf({ key, name, access, by, createdAt }: NewApiKey): StoredApiKey {
  return { name, access, by, createdAt, hash: hashOfKey(key) }
}
