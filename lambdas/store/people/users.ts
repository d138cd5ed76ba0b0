import { everyProject, type Membership, type User } from '../../domain/people/user.ts'
import type { Database, Item, Write } from '../../runtime/database.ts'
import { allOf } from '../items/all-of.ts'
import { type NoteUnreadable, readEach } from '../items/read-each.ts'
import { transact } from '../items/transaction.ts'
import { memberPrefix, registryKeys, userPrefix, userSort, usersPartition } from '../keys.ts'
import { itemName, itemOf } from '../registry/registry-item.ts'
import { membershipOf, userIdOf, userOf } from './user-item.ts'
import { joining, leaving, userCreation, userDeletion, userPresence } from './user-writes.ts'

/** The id of no user. */
const NOBODY = 'nobody'

/** A user with all that says what this user may do. */
export type KnownUser = { readonly user: User; readonly memberships: readonly Membership[] }

/**
 * Who may use the dashboard, and in which projects. They lie in the registry; changes of who may
 * what are written with what notes them.
 */
export class Users {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** A user with the memberships, as they are now: what each request reads. */
  async visit(userId: string): Promise<KnownUser | undefined> {
    const items = await this.#query(registryKeys.user(userId).pk)
    const own = items.find(({ sk }) => sk === userSort)
    if (own === undefined) return undefined
    const others = items.filter((item) => String(item['sk']).startsWith('project#'))
    return { user: userOf(own), memberships: readEach(others, membershipOf, { nameOf: itemName }) }
  }

  /** It takes as long where there is none: a stranger who waits for it must not learn that. */
  async byEmail(email: string): Promise<User | undefined> {
    const at = { table: this.#table, isCurrent: true }
    const key = registryKeys.userEmail(email.toLowerCase())
    const reference = await this.#database.get({ ...at, key })
    const userId = reference === undefined ? NOBODY : userIdOf(reference)
    const item = await this.#database.get({ ...at, key: registryKeys.user(userId) })
    return item && userOf(item)
  }

  /** All users with their memberships, by address. */
  async all(note?: NoteUnreadable): Promise<readonly KnownUser[]> {
    const entries = await this.#query(usersPartition, userPrefix)
    const ids = readEach(entries, userIdOf, { nameOf: itemName, note })
    const known = await Promise.all(ids.map((id) => this.visit(id)))
    return known
      .filter((each) => each !== undefined)
      .toSorted((one, other) => (one.user.email < other.user.email ? -1 : 1))
  }

  /** The members of one project, or those of all. */
  async membersOf(projectId: string): Promise<readonly Membership[]> {
    const items = await this.#query(registryKeys.project(projectId).pk, memberPrefix)
    return readEach(items, membershipOf, { nameOf: itemName })
  }

  /**
   * Makes a user with a first role, or with some: thirty at most.
   * @param audit what notes it, written with it
   */
  async create(
    user: User,
    memberships: Membership | readonly Membership[],
    audit: readonly Write[] = [],
  ): Promise<'created' | 'address-taken'> {
    const writes = [
      ...userCreation(this.#table, user),
      ...[memberships].flat().flatMap((each) => joining(this.#table, each)),
      ...audit,
    ]
    const refusals = await transact(this.#database, writes)
    return refusals.length === 0 ? 'created' : 'address-taken'
  }

  /** Replaces what a user has set, provided that it is still as it was read. */
  async change(before: User, wanted: User): Promise<'changed' | 'stale'> {
    const after = { ...wanted, id: before.id, email: before.email, version: before.version + 1 }
    const { isWritten } = await this.#database.put({
      table: this.#table,
      item: itemOf(registryKeys.user(before.id), after),
      condition: 'version = :version',
      values: { ':version': before.version },
    })
    return isWritten ? 'changed' : 'stale'
  }

  /** Gives a user a role in a project, or another one. An owner may be one too few then. */
  async join(
    membership: Membership,
    audit: readonly Write[] = [],
  ): Promise<'joined' | 'missing' | 'last-owner' | 'stale'> {
    const known = await this.visit(membership.userId)
    if (known === undefined) return 'missing'
    const before = known.memberships.find(({ projectId }) => projectId === membership.projectId)
    const kept = await this.#keptOwners(before)
    if (membership.role !== 'owner' && (await this.#isLastOwner(before, kept))) return 'last-owner'
    const writes = [
      ...joining(this.#table, membership, { before, kept }),
      userPresence(this.#table, membership.userId),
      ...audit,
    ]
    return (await transact(this.#database, writes)).length === 0 ? 'joined' : 'stale'
  }

  /** Ends a membership. */
  async leave(
    { userId, projectId }: Pick<Membership, 'userId' | 'projectId'>,
    audit: readonly Write[] = [],
  ): Promise<'left' | 'missing' | 'last-owner' | 'stale'> {
    const known = await this.visit(userId)
    const before = known?.memberships.find((each) => each.projectId === projectId)
    if (before === undefined) return 'missing'
    const kept = await this.#keptOwners(before)
    if (await this.#isLastOwner(before, kept)) return 'last-owner'
    const writes = [...leaving(this.#table, before, kept), ...audit]
    return (await transact(this.#database, writes)).length === 0 ? 'left' : 'stale'
  }

  /** Removes a user who has no membership any more. Sessions end at their next request. */
  async remove(user: User): Promise<'removed' | 'stale'> {
    const refusals = await transact(this.#database, userDeletion(this.#table, user))
    return refusals.length === 0 ? 'removed' : 'stale'
  }

  /** Nobody would be left who may name owners. */
  async #isLastOwner(before: Membership | undefined, kept: number): Promise<boolean> {
    return before?.role === 'owner' && (await this.#owners(before.projectId)) <= kept
  }

  /** How many owners must be left when one goes: those of all projects are owners of each. */
  async #keptOwners(before: Membership | undefined): Promise<number> {
    if (before?.role !== 'owner') return 0
    return before.projectId === everyProject || (await this.#owners(everyProject)) === 0 ? 1 : 0
  }

  async #owners(projectId: string): Promise<number> {
    const key = registryKeys.owners(projectId)
    const item = await this.#database.get({ table: this.#table, key, isCurrent: true })
    return Number(item?.['owners'] ?? 0)
  }

  async #query(partition: string, prefix?: string): Promise<readonly Item[]> {
    const where = prefix === undefined ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)'
    const values = { ':pk': partition, ...(prefix === undefined ? {} : { ':prefix': prefix }) }
    return allOf(this.#database.query({ table: this.#table, where, values, isCurrent: true }))
  }
}
