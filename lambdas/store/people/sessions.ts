import { hashOfSecret } from '../../domain/people/secret.ts'
import type { Session } from '../../domain/people/session.ts'
import { isLive, MOST_DAYS, sessionEnd } from '../../domain/people/session-life.ts'
import type { Database, Item } from '../../runtime/database.ts'
import { expiryAfter } from '../items/expiry.ts'
import { readEach } from '../items/read-each.ts'
import { sessionKeys } from '../keys.ts'
import { inSeconds, sessionFields, sessionOf } from './session-item.ts'

/** A session with the name by which it can be ended, which opens nothing. */
export type NamedSession = { readonly id: string; readonly session: Session }

/** An update takes no longer an expression. What is left is taken off the next time. */
const MOST_AT_ONCE = 100

const KEY_LENGTH = sessionKeys.session('').key.length

/**
 * Who is signed in where. A session is named by the hash of its token; those of a user are listed
 * in an item of their own, since no index leads to them.
 */
export class Sessions {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * Begins a session. It is listed first, so that there is none which its user can't see. What has
   * ended leaves the list, which would else fill its item some day.
   */
  async begin(token: string, session: Session): Promise<void> {
    const id = hashOfSecret(token)
    await this.#database.update({
      ...this.#list(session.userId),
      update: 'SET #id = :createdAt, #expiresAt = :expiresAt',
      names: { '#id': id, '#expiresAt': 'expiresAt' },
      values: {
        ':createdAt': session.createdAt,
        ':expiresAt': expiryAfter(MOST_DAYS, session.createdAt),
      },
    })
    const item = { ...sessionKeys.session(id), ...sessionFields(session) }
    await this.#database.put({ table: this.#table, item })
    await this.ofUser(session.userId, session.createdAt)
  }

  /** The session that a token opens, as it is now; undefined when it has ended. One read unit. */
  async byToken(token: string, now: number): Promise<Session | undefined> {
    const item = await this.#database.get({ ...this.#at(hashOfSecret(token)), isCurrent: true })
    const session = item && sessionOf(item)
    return session !== undefined && isLive(session, now) ? session : undefined
  }

  /** Notes that a session is used, unless it has ended. */
  async note(token: string, session: Session, now: number): Promise<void> {
    const end = sessionEnd({ ...session, seenAt: now })
    await this.#database.update({
      ...this.#at(hashOfSecret(token)),
      update: 'SET seenAt = :now, expiresAt = :expiresAt',
      condition: 'attribute_exists(userId)',
      values: { ':now': now, ':expiresAt': inSeconds(end) },
    })
  }

  /** The sessions of a user, the one used last first. What has ended is taken off the list. */
  async ofUser(userId: string, now: number): Promise<readonly NamedSession[]> {
    const list = await this.#database.get({ ...this.#list(userId), isCurrent: true })
    const ids = Object.keys(list ?? {}).filter((name) => /^[0-9a-f]{64}$/.test(name))
    const items = await this.#database.getSome(this.#table, ids.map(sessionKeys.session))
    const live = readEach(items, named, { nameOf: ({ key }) => String(key) }).filter(
      ({ session }) => session.userId === userId && isLive(session, now),
    )
    const liveIds = new Set(live.map(({ id }) => id))
    const ended = ids.filter((id) => !liveIds.has(id))
    await this.#unlist(userId, ended.slice(0, MOST_AT_ONCE))
    return live.toSorted((one, other) => other.session.seenAt - one.session.seenAt)
  }

  /** Ends a session of a user; nothing when it is another's, or has ended. */
  async end(userId: string, id: string): Promise<void> {
    const { isWritten } = await this.#database.delete({
      ...this.#at(id),
      condition: 'userId = :userId',
      values: { ':userId': userId },
    })
    if (isWritten) await this.#unlist(userId, [id])
  }

  async #unlist(userId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const names = ids.map((id, index) => [`#id${index}`, id] as const)
    await this.#database.update({
      ...this.#list(userId),
      update: `REMOVE ${names.map(([name]) => name).join(', ')}`,
      condition: 'attribute_exists(expiresAt)',
      names: Object.fromEntries(names),
    })
  }

  #at(id: string) {
    return { table: this.#table, key: sessionKeys.session(id) }
  }

  #list(userId: string) {
    return { table: this.#table, key: sessionKeys.sessions(userId) }
  }
}

function named(item: Item): NamedSession {
  return { id: String(item['key']).slice(KEY_LENGTH), session: sessionOf(item) }
}
