import type { ChannelBase } from '../../domain/telling/channel.ts'
import type { Database } from '../../runtime/database.ts'
import { registryKeys } from '../keys.ts'
import { itemOf, registryItems } from './registry-item.ts'

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

  /** @throws when there is one with its id. */
  async create(projectId: string, channel: ChannelBase): Promise<void> {
    const { isWritten } = await this.#database.put({
      table: this.#table,
      item: itemOf(registryKeys.channel(projectId, channel.id), channel),
      condition: 'attribute_not_exists(pk)',
    })
    if (!isWritten) throw new Error(`there is a channel ${channel.id} already`)
  }

  /**
   * Replaces a channel, provided that it is still of the version that was read; version 0 is that
   * of items without one.
   */
  async update(
    projectId: string,
    before: ChannelBase,
    after: ChannelBase,
  ): Promise<'written' | 'changed'> {
    const isUnversioned = { condition: 'attribute_exists(pk) AND attribute_not_exists(version)' }
    const isUnchanged = {
      condition: 'version = :version',
      values: { ':version': before.version },
    }
    const { isWritten } = await this.#database.put({
      table: this.#table,
      item: itemOf(registryKeys.channel(projectId, after.id), after),
      ...(before.version === 0 ? isUnversioned : isUnchanged),
    })
    return isWritten ? 'written' : 'changed'
  }

  async remove(projectId: string, channelId: string): Promise<'deleted' | 'missing'> {
    const deleted = await this.#database.delete({
      ...this.#at(projectId, channelId),
      showsDeleted: true,
    })
    return deleted.isWritten && deleted.item !== undefined ? 'deleted' : 'missing'
  }

  #at(projectId: string, channelId: string) {
    return { table: this.#table, key: registryKeys.channel(projectId, channelId) }
  }
}
