import type { ChannelBase, ChannelName } from '../../domain/telling/channel.ts'
import { type Check, uniqueKeyOf } from '../../domain/watching/check.ts'
import {
  type CreatedProject,
  makeProject,
  type NewProject,
} from '../../domain/people/new-project.ts'
import type { Access, Project } from '../../domain/people/project.ts'
import type { Random } from '../../runtime/random.ts'
import type { Database, Item, Refusal, Write } from '../../runtime/database.ts'
import { allOf } from '../items/all-of.ts'
import {
  channelPrefix,
  checkPrefix,
  directoryPartition,
  directoryPrefix,
  type RegistryKey,
  registryKeys,
} from '../keys.ts'
import { type NoteUnreadable, readEach } from '../items/read-each.ts'
import {
  type Census,
  channelNameOf,
  checkItem,
  type CheckRecord,
  itemName,
  registryItems,
} from './registry-item.ts'
import {
  checkCreation,
  checkDeletion,
  type CreationTerms,
  isUnchanged,
  projectCreation,
  revisionGrowth,
} from './registry-writes.ts'
import { transact } from '../items/transaction.ts'

const PAGE_TRIES = 8

/**
 * One page of a scan. An item that can't be read is named, so that one bad item doesn't hide the
 * others.
 */
export type CheckPage = { readonly checks: readonly Check[]; readonly broken: readonly string[] }

/** What notes that a project is made, written with it. */
type NotedCreation = { readonly besides?: (created: CreatedProject) => readonly Write[] }

/**
 * The revision of the census at which a check was held against all others of its project: it must
 * be the same still, and grows. Beside it, what notes the change.
 */
type UpdateTerms = {
  readonly revision?: number | undefined
  readonly beside?: readonly Write[]
}

/** What an API key opens, and what it is called. */
export type OpenedBy = {
  readonly projectId: string
  readonly access: Access
  readonly name: string
}

/** Reads an item by its key, as it is now; undefined when there is none. */
export type ReadItem = (key: RegistryKey) => Promise<Item | undefined>

/**
 * The source of truth: projects with their API keys and channels, and checks. Everything is read as
 * it is now.
 */
export class Registry {
  readonly #database: Database
  readonly #table: string
  readonly #get: ReadItem

  constructor(database: Database, tableName: string, reads = singleReads) {
    this.#database = database
    this.#table = tableName
    this.#get = reads(database, tableName)
  }

  /**
   * Makes a project with one e-mail channel. The keys in the answer can't be read again: of API
   * keys only hashes are stored.
   */
  async createProject(
    { besides = () => [], ...wanted }: NewProject & NotedCreation,
    now: number,
    random: Random,
  ): Promise<CreatedProject | 'key-taken'> {
    const created = makeProject(wanted, now, random)
    const writes = [...projectCreation(this.#table, created), ...besides(created)]
    const refusals = await transact(this.#database, writes)
    return refusals.length === 0 ? created : 'key-taken'
  }

  /** What an API key opens. */
  async access(apiKey: string): Promise<OpenedBy | undefined> {
    const item = await this.#get(registryKeys.apiKey(apiKey))
    return item && registryItems.apiKey(item)
  }

  async project(projectId: string): Promise<Project | undefined> {
    const item = await this.#get(registryKeys.project(projectId))
    return item && registryItems.project(item)
  }

  /** The project that a ping key belongs to. */
  async projectOf(pingKey: string): Promise<Project | undefined> {
    const item = await this.#get(registryKeys.pingKey(pingKey))
    return item && this.project(registryItems.reference(item).projectId)
  }

  /** All projects, oldest first. */
  async projects(note?: NoteUnreadable): Promise<readonly Project[]> {
    const entries = readAll(
      await this.#query(directoryPartition, directoryPrefix),
      registryItems.reference,
      note,
    )
    const keys = entries.map(({ projectId }) => registryKeys.project(projectId))
    return byAge(
      readAll(await this.#database.getSome(this.#table, keys), registryItems.project, note),
    )
  }

  /** The channels of a project, oldest first. */
  async channels(projectId: string, note?: NoteUnreadable): Promise<readonly ChannelBase[]> {
    return byAge(
      readAll(
        await this.#query(registryKeys.project(projectId).pk, channelPrefix),
        registryItems.channel,
        note,
      ),
    )
  }

  /**
   * The names of a project's channels, unreadable ones included: a check must not lose a channel
   * that is mended later.
   */
  async channelNames(projectId: string): Promise<readonly ChannelName[]> {
    return (await this.#query(registryKeys.project(projectId).pk, channelPrefix)).map(channelNameOf)
  }

  /** The channels that a check alerts, oldest first; those that are gone by now are left out. */
  async channelsOf(
    check: Pick<Check, 'projectId' | 'channelIds'>,
    note?: NoteUnreadable,
  ): Promise<readonly ChannelBase[]> {
    const keys = [...new Set(check.channelIds)].map((id) =>
      registryKeys.channel(check.projectId, id),
    )
    const items = await Promise.all(keys.map((key) => this.#get(key)))
    const found = items.filter((item) => item !== undefined)
    return byAge(readAll(found, registryItems.channel, note))
  }

  /**
   * The checks of a project in the order of their creation.
   * @param isCurrent as they are now; else they may be as they were a moment ago, for half
   */
  async checks(
    projectId: string,
    note?: NoteUnreadable,
    isCurrent = true,
  ): Promise<readonly Check[]> {
    return byAge(
      readAll(
        await this.#query(registryKeys.project(projectId).pk, checkPrefix, isCurrent),
        registryItems.check,
        note,
      ),
    )
  }

  /**
   * The records that deleting a project's checks takes, those of otherwise unreadable checks
   * included.
   */
  async checkRecords(projectId: string, note?: NoteUnreadable): Promise<readonly CheckRecord[]> {
    return readAll(
      await this.#query(registryKeys.project(projectId).pk, checkPrefix),
      registryItems.checkRecord,
      note,
    )
  }

  async check(projectId: string, checkId: string): Promise<Check | undefined> {
    const check = await this.checkByUniqueKey(projectId, uniqueKeyOf(checkId))
    return check?.id === checkId ? check : undefined
  }

  /** Checks by their ids; those that are gone, or can't be read, are left out. */
  async someChecks(
    projectId: string,
    ids: readonly string[],
    note?: NoteUnreadable,
  ): Promise<readonly Check[]> {
    return this.checksByUniqueKeys(projectId, ids.map(uniqueKeyOf), note)
  }

  /** The same by their unique keys. */
  async checksByUniqueKeys(
    projectId: string,
    uniqueKeys: readonly string[],
    note?: NoteUnreadable,
  ): Promise<readonly Check[]> {
    const keys = uniqueKeys.map((key) => registryKeys.check(projectId, key))
    const items = await Promise.all(keys.map((key) => this.#get(key)))
    const found = items.filter((item) => item !== undefined)
    return readAll(found, registryItems.check, note)
  }

  async checkByUniqueKey(projectId: string, uniqueKey: string): Promise<Check | undefined> {
    const item = await this.#get(registryKeys.check(projectId, uniqueKey))
    return item && registryItems.check(item)
  }

  /** The id of the project that has a check. */
  async ownerOf(checkId: string): Promise<string | undefined> {
    const item = await this.#get(registryKeys.owner(checkId))
    return item && registryItems.reference(item).projectId
  }

  /** The check that a badge shows. */
  async checkByBadgeKey(badgeKey: string): Promise<Check | undefined> {
    const item = await this.#get(registryKeys.badge(badgeKey))
    if (item === undefined) return undefined
    const { projectId, checkId } = registryItems.badge(item)
    return this.check(projectId, checkId)
  }

  /** Which of these checks exist. */
  async existing(checkIds: readonly string[]): Promise<ReadonlySet<string>> {
    const idOf = new Map(checkIds.map((id) => [registryKeys.owner(id).pk, id]))
    const items = await this.#database.getSome(
      this.#table,
      [...idOf.values()].map(registryKeys.owner),
    )
    return new Set(items.map((item) => idOf.get(registryItems.reference(item).pk) ?? ''))
  }

  async census(projectId: string): Promise<Census> {
    const item = await this.#get(registryKeys.census(projectId))
    if (item === undefined) throw new Error(`project ${projectId} has no census`)
    return registryItems.census(item)
  }

  /**
   * Stores a new check unless the project is full. An upsert gives the revision that it read before
   * it looked for a match. `raced` says that another upsert has created a check since, so that it
   * must look again.
   * @param beside what notes it, and what pings need of it: nobody can ping it yet, so that no ping
   * meets this transaction
   */
  async createCheck(
    check: Check,
    terms: CreationTerms,
    beside: readonly Write[] = [],
  ): Promise<'created' | 'full' | 'raced'> {
    return this.createChecks(check.projectId, { checks: [check], beside }, terms)
  }

  /** The same for some checks of a project, all or none: a transaction takes 100 writes. */
  async createChecks(
    projectId: string,
    { checks, beside }: { readonly checks: readonly Check[]; readonly beside: readonly Write[] },
    terms: CreationTerms,
  ): Promise<'created' | 'full' | 'raced'> {
    const [refusal] = await transact(this.#database, [
      ...checkCreation(this.#table, [projectId, checks], terms),
      ...beside,
    ])
    if (refusal === undefined) return 'created'
    if (refusal.index > 0) return 'raced'
    if (refusal.found === undefined) throw new Error(`project ${projectId} has no census`)
    const { revision } = registryItems.census(refusal.found)
    return revision === (terms.revision ?? revision) ? 'full' : 'raced'
  }

  /**
   * Replaces a check by its next version, provided that it is still as it was read.
   * Costs twice what a write by itself would.
   */
  async updateCheck(
    before: Check,
    after: Check,
    { revision, beside = [] }: UpdateTerms = {},
  ): Promise<'written' | 'changed' | 'missing'> {
    if (after.version !== before.version + 1)
      throw new Error(`version must be ${before.version + 1}, got ${after.version}`)
    const put = { table: this.#table, item: checkItem(after), ...isUnchanged(before) }
    const growth =
      revision === undefined ? [] : [revisionGrowth(this.#table, after.projectId, revision)]
    const [refusal] = await transact(this.#database, [{ put }, ...growth, ...beside])
    return refusal === undefined ? 'written' : becauseOf(refusal)
  }

  /** Removes a check, provided that it is still as it was read. @param beside what notes it */
  async deleteCheck(
    check: Check,
    beside: readonly Write[] = [],
  ): Promise<'deleted' | 'changed' | 'missing'> {
    const writes = [...checkDeletion(this.#table, check), ...beside]
    const [refusal] = await transact(this.#database, writes)
    return refusal === undefined ? 'deleted' : becauseOf(refusal)
  }

  /**
   * All checks of all projects, page by page, eventually consistent. A page that can't be read is
   * tried again, because the next page can't be had before it.
   */
  async *scan(): AsyncGenerator<CheckPage> {
    const scan = {
      table: this.#table,
      filter: 'begins_with(sk, :check)',
      values: { ':check': checkPrefix },
      tries: PAGE_TRIES,
    }
    for await (const items of this.#database.scan(scan)) yield pageOf(items)
  }

  async #query(partition: string, prefix: string, isCurrent = true): Promise<readonly Item[]> {
    const query = {
      table: this.#table,
      where: 'pk = :partition AND begins_with(sk, :prefix)',
      values: { ':partition': partition, ':prefix': prefix },
      isCurrent,
    }
    return allOf(this.#database.query(query))
  }
}

/** Why a write of what was read was refused, by what is there now. */
function becauseOf({ found }: Pick<Refusal, 'found'>): 'changed' | 'missing' {
  return found === undefined ? 'missing' : 'changed'
}

function singleReads(database: Database, table: string): ReadItem {
  return (key) => database.get({ table, key, isCurrent: true })
}

/** Oldest first. */
function byAge<Of extends Aged>(some: readonly Of[]): readonly Of[] {
  return some.toSorted(
    (one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1),
  )
}

type Aged = { readonly id: string; readonly createdAt: number }

function pageOf(items: readonly Item[]): CheckPage {
  const broken: string[] = []
  return { checks: readAll(items, registryItems.check, (item) => broken.push(item)), broken }
}

function readAll<Read>(
  items: readonly Item[],
  decode: (item: Item) => Read,
  note?: NoteUnreadable,
): readonly Read[] {
  return readEach(items, decode, { nameOf: itemName, note })
}
