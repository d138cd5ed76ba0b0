import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { ChannelBase } from '../../domain/telling/channel.ts'
import { isWritten } from '../items/conditional.ts'
import { registryKeys } from '../keys.ts'
import { itemOf, registryItems } from './registry-item.ts'

/** The channels of projects, one by one. They lie in the registry, beside the checks. */
export class Channels {
  readonly #client: DynamoDBClient
  readonly #table: string

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client
    this.#table = tableName
  }

  async read(projectId: string, channelId: string): Promise<ChannelBase | undefined> {
    const Key = marshall(registryKeys.channel(projectId, channelId))
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }),
    )
    return Item && registryItems.channel(Item)
  }

  async create(projectId: string, channel: ChannelBase): Promise<void> {
    const Item = itemOf(registryKeys.channel(projectId, channel.id), channel)
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#table,
        Item,
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    )
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
    const isUnversioned = 'attribute_exists(pk) AND attribute_not_exists(version)'
    const isUnchanged = {
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: marshall({ ':version': before.version }),
    }
    const condition = before.version === 0 ? { ConditionExpression: isUnversioned } : isUnchanged
    const Item = itemOf(registryKeys.channel(projectId, after.id), after)
    const write = new PutItemCommand({ TableName: this.#table, Item, ...condition })
    return (await isWritten(this.#client.send(write))) ? 'written' : 'changed'
  }

  async remove(projectId: string, channelId: string): Promise<'deleted' | 'missing'> {
    const Key = marshall(registryKeys.channel(projectId, channelId))
    const { Attributes } = await this.#client.send(
      new DeleteItemCommand({ TableName: this.#table, Key, ReturnValues: 'ALL_OLD' }),
    )
    return Attributes === undefined ? 'missing' : 'deleted'
  }
}
