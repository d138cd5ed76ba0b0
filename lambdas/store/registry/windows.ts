import { noWindows, type ProjectWindows } from '../../domain/watching/window.ts'
import type { Database, Write } from '../../runtime/database.ts'
import { transact } from '../items/transaction.ts'
import { registryKeys } from '../keys.ts'
import { itemOf } from './registry-item.ts'
import { projectWindowsOf } from './windows-item.ts'

/** The windows of projects: one item a project, in the registry beside its checks. */
export class Windows {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** The windows as they are now. */
  async of(projectId: string): Promise<ProjectWindows> {
    const key = registryKeys.windows(projectId)
    const item = await this.#database.get({ table: this.#table, key, isCurrent: true })
    return item === undefined ? noWindows : projectWindowsOf(item)
  }

  /**
   * Replaces the windows, provided that they are still of the revision before.
   * @param beside what notes it
   */
  async replace(
    projectId: string,
    windows: ProjectWindows,
    beside: readonly Write[] = [],
  ): Promise<'written' | 'changed'> {
    const before = windows.revision - 1
    const put = {
      table: this.#table,
      item: itemOf(registryKeys.windows(projectId), windows),
      ...(before === noWindows.revision
        ? { condition: 'attribute_not_exists(pk)' }
        : { condition: 'revision = :before', values: { ':before': before } }),
    }
    const refusals = await transact(this.#database, [{ put }, ...beside])
    return refusals.length === 0 ? 'written' : 'changed'
  }
}
