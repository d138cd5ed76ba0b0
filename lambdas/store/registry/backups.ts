import type { ChannelBase } from '../../domain/telling/channel.ts'
import type { Check } from '../../domain/watching/check.ts'
import type { ProjectWindows } from '../../domain/watching/window.ts'
import type { Project } from '../../domain/people/project.ts'
import type { Database, Fields, Write } from '../../runtime/database.ts'
import { registryKeys } from '../keys.ts'
import { apiKeyItems, type StoredApiKey } from './api-key-item.ts'
import { MOST_CHECKS_AT_ONCE } from './projects.ts'
import { itemOf } from './registry-item.ts'
import { newCheckItems, putNew } from './registry-writes.ts'
import { transact } from '../items/transaction.ts'

/** The keys that open a project. A ping key of its first days has its age. */
export type RestoredKeys = {
  readonly pingKey: string
  readonly pingKeyCreatedAt?: number | undefined
  readonly apiKeys: readonly StoredApiKey[]
}

/** A transaction takes a hundred items, and four megabytes. */
const MOST_CHANNELS_AT_ONCE = 100
const MOST_BYTES_AT_ONCE = 2_000_000

/**
 * The writes of a restore: projects with the ids, keys and versions that they had. Nothing is ever
 * replaced, each write is all or nothing, and the count of a project's checks is right after each.
 * The keys come last, so that nobody uses a project before it is whole.
 */
export class Backups {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  async addProject(project: Project, closed?: true): Promise<'added' | 'taken'> {
    const census = { checks: 0, revision: 0, ...(closed === undefined ? {} : { closed }) }
    return this.#put([
      itemOf(registryKeys.project(project.id), project),
      itemOf(registryKeys.directory(project.id), { projectId: project.id }),
      itemOf(registryKeys.census(project.id), census),
    ])
  }

  async addChannels(
    projectId: string,
    channels: readonly ChannelBase[],
  ): Promise<'added' | 'taken'> {
    for (const some of groupsOf(channels, MOST_CHANNELS_AT_ONCE)) {
      const items = some.map((channel) =>
        itemOf(registryKeys.channel(projectId, channel.id), versioned(channel)),
      )
      if ((await this.#put(items)) === 'taken') return 'taken'
    }
    return 'added'
  }

  async addWindows(projectId: string, windows: ProjectWindows): Promise<'added' | 'taken'> {
    return this.#put([itemOf(registryKeys.windows(projectId), windows)])
  }

  /** Adds checks group by group, and hands over each group once it is stored. */
  async *addChecks(
    projectId: string,
    checks: readonly Check[],
  ): AsyncGenerator<readonly Check[] | 'taken'> {
    for (const some of groupsOf(checks, MOST_CHECKS_AT_ONCE)) {
      const puts = some.flatMap(newCheckItems).map((item) => putNew(this.#table, item))
      const refusals = await transact(this.#database, [
        this.#count(projectId, some.length),
        ...puts,
      ])
      yield refusals.length === 0 ? some : 'taken'
    }
  }

  async addKeys(
    projectId: string,
    { pingKey, pingKeyCreatedAt, apiKeys }: RestoredKeys,
  ): Promise<'added' | 'taken'> {
    return this.#put([
      itemOf(registryKeys.pingKey(pingKey), { projectId, createdAt: pingKeyCreatedAt }),
      ...apiKeys.flatMap((key) => apiKeyItems(projectId, key)),
    ])
  }

  #count(projectId: string, more: number): Write {
    return {
      update: {
        table: this.#table,
        key: registryKeys.census(projectId),
        update: 'ADD checks :more',
        condition: 'attribute_exists(pk)',
        values: { ':more': more },
      },
    }
  }

  async #put(items: readonly Fields[]): Promise<'added' | 'taken'> {
    const refusals = await transact(
      this.#database,
      items.map((item) => putNew(this.#table, item)),
    )
    return refusals.length === 0 ? 'added' : 'taken'
  }
}

/** Leaves version 0 out: it stands for items without one, which the first change looks for. */
function versioned(channel: ChannelBase): Fields {
  const { version, ...fields } = channel
  return version === 0 ? fields : channel
}

function groupsOf<T extends object>(items: readonly T[], most: number): readonly (readonly T[])[] {
  const groups: T[][] = []
  let room = 0
  for (const item of items) {
    const bytes = Buffer.byteLength(JSON.stringify(item))
    room -= bytes
    const group = groups.at(-1)
    if (group !== undefined && room >= 0 && group.length < most) {
      group.push(item)
    } else {
      groups.push([item])
      room = MOST_BYTES_AT_ONCE - bytes
    }
  }
  return groups
}
