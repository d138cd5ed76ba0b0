import { type Check, uniqueKeyOf } from '../../domain/watching/check.ts'
import type { Database } from '../../runtime/database.ts'
import { readEach } from '../items/read-each.ts'
import { registryKeys } from '../keys.ts'
import { itemName, registryItems } from '../registry/registry-item.ts'

/** The checks of all projects, by their ids alone. */
export class AllChecks {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** Checks as they are now, as far as they exist: undefined stands for one that can't be read. */
  async find(checkIds: readonly string[]): Promise<ReadonlyMap<string, Check | undefined>> {
    const idOf = new Map(checkIds.map((id) => [registryKeys.owner(id).pk, id]))
    const owners = await this.#database.getSome(
      this.#table,
      [...idOf.values()].map(registryKeys.owner),
    )
    const places = owners.map(registryItems.reference).map(({ pk, projectId }) => {
      const id = idOf.get(pk) ?? ''
      return { id, key: registryKeys.check(projectId, uniqueKeyOf(id)) }
    })
    const items = await this.#database.getSome(
      this.#table,
      places.map(({ key }) => key),
    )
    const checks = readEach(items, registryItems.check, { nameOf: itemName })
    const byId = new Map(checks.map((check) => [check.id, check]))
    return new Map(places.map(({ id }) => [id, byId.get(id)]))
  }
}
