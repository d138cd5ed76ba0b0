import type { AuditEntry } from '../../domain/people/audit.ts'
import type { Database, Item, Write } from '../../runtime/database.ts'
import { allOf } from '../items/all-of.ts'
import { hasExpired } from '../items/expiry.ts'
import { readEach } from '../items/read-each.ts'
import { auditEntry, auditPartition } from '../keys.ts'
import { auditEntryOf, auditItem } from './audit-item.ts'

/** The place of an entry among those of its project. */
export type AuditPlace = Pick<AuditEntry, 'at' | 'requestId'>

/** How far back the changes of one check are looked for. */
const LOOKED_THROUGH = 200

/** Who changed what in which project, in the journal, for 400 days. */
export class Audits {
  readonly #database: Pick<Database, 'put' | 'query'>
  readonly #table: string

  constructor(database: Pick<Database, 'put' | 'query'>, journalTable: string) {
    this.#database = database
    this.#table = journalTable
  }

  /** The part of an entry in the transaction of what it notes. */
  write(entry: AuditEntry): Write {
    return { put: { table: this.#table, item: auditItem(entry) } }
  }

  /** Writes an entry by itself: before a change of what can be in no transaction. */
  async put(entry: AuditEntry): Promise<void> {
    await this.#database.put({ table: this.#table, item: auditItem(entry) })
  }

  /** The last entries of a project, newest first, or the last before one of them. */
  async of(
    projectId: string,
    { before, limit }: { readonly before?: AuditPlace; readonly limit: number },
    now: number,
  ): Promise<readonly AuditEntry[]> {
    const last =
      before === undefined ? auditEntry(Infinity) : auditEntry(before.at, before.requestId)
    const query = {
      table: this.#table,
      where: '#check = :partition AND #entry BETWEEN :first AND :last',
      names: { '#check': 'check', '#entry': 'entry' },
      values: { ':partition': auditPartition(projectId), ':first': auditEntry(0), ':last': last },
      isBackwards: true,
      isCurrent: true,
      // One more, as the entry that the others come before is among what is between.
      limit: limit + (before === undefined ? 0 : 1),
    }
    const items = (await allOf(this.#database.query(query))).filter(
      (item) => !hasExpired(item, now) && item['entry'] !== last,
    )
    return readEach(items.slice(0, limit), auditEntryOf, { nameOf })
  }

  /** What was done in a project from an instant on, as it is now, oldest first. */
  async since(projectId: string, at: number, limit: number): Promise<readonly AuditEntry[]> {
    const query = {
      table: this.#table,
      where: '#check = :partition AND #entry BETWEEN :first AND :last',
      names: { '#check': 'check', '#entry': 'entry' },
      values: {
        ':partition': auditPartition(projectId),
        ':first': auditEntry(at),
        ':last': auditEntry(Infinity),
      },
      isCurrent: true,
      limit,
    }
    return readEach(await allOf(this.#database.query(query)), auditEntryOf, { nameOf })
  }

  /** The last changes of one check, as far as they are among the last 200 of its project. */
  async ofCheck(projectId: string, uniqueKey: string, now: number): Promise<readonly AuditEntry[]> {
    const entries = await this.of(projectId, { limit: LOOKED_THROUGH }, now)
    return entries.filter(({ subject }) => subject.kind === 'check' && subject.id === uniqueKey)
  }
}

function nameOf({ check, entry }: Item): string {
  return `${String(check)} ${String(entry)}`
}
