import type { ChannelBase } from '../../domain/telling/channel.ts'
import type { Database, Write } from '../../runtime/database.ts'
import { transact } from '../items/transaction.ts'
import { registryKeys } from '../keys.ts'
import { itemOf, registryItems } from './registry-item.ts'
import { putNew } from './registry-writes.ts'

/** The channels of projects, one by one. They lie in the registry, beside the checks. */
export class Channels {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  async read(projectId: string, channelId: string): Promise<ChannelBase | undefined> {
    const item = await this.#database.get({ ...this.#at(projectId, channelId), isCurrent: true })
    return item && registryItems.channel(item)
  }

  /**
   * @param beside what notes it, as with all that changes a channel: written with it, or not at all
   * @throws when there is one with its id.
   */
  async create(
    projectId: string,
    channel: ChannelBase,
    beside: readonly Write[] = [],
  ): Promise<void> {
    const item = itemOf(registryKeys.channel(projectId, channel.id), channel)
    const refusals = await transact(this.#database, [putNew(this.#table, item), ...beside])
    if (refusals.length > 0) throw new Error(`there is a channel ${channel.id} already`)
  }

  /**
   * Replaces a channel, provided that it is still of the version that was read; version 0 is that
   * of items without one.
   */
  async update(
    projectId: string,
    { before, after }: { readonly before: ChannelBase; readonly after: ChannelBase },
    beside: readonly Write[] = [],
  ): Promise<'written' | 'changed'> {
    const isUnversioned = { condition: 'attribute_exists(pk) AND attribute_not_exists(version)' }
    const isUnchanged = {
      condition: 'version = :version',
      values: { ':version': before.version },
    }
    const put = {
      table: this.#table,
      item: itemOf(registryKeys.channel(projectId, after.id), after),
      ...(before.version === 0 ? isUnversioned : isUnchanged),
    }
    const refusals = await transact(this.#database, [{ put }, ...beside])
    return refusals.length === 0 ? 'written' : 'changed'
  }

  async remove(
    projectId: string,
    channelId: string,
    beside: readonly Write[] = [],
  ): Promise<'deleted' | 'missing'> {
    const deletion = { ...this.#at(projectId, channelId), condition: 'attribute_exists(pk)' }
    const refusals = await transact(this.#database, [{ delete: deletion }, ...beside])
    return refusals.length === 0 ? 'deleted' : 'missing'
  }

  #at(projectId: string, channelId: string) {
    return { table: this.#table, key: registryKeys.channel(projectId, channelId) }
  }
}
