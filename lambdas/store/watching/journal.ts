import type { LoggedCheck } from '../../domain/watching/check.ts'
import type { FailedRun } from '../../domain/watching/down-cause.ts'
import type { Flip } from '../../domain/watching/flip.ts'
import type { KeptBody } from '../../domain/watching/kept-body.ts'
import type { LoggedPing } from '../../domain/watching/ping.ts'
import type { Database, Item } from '../../runtime/database.ts'
import { hasExpired } from '../items/expiry.ts'
import {
  bodyItem,
  isOwnBody,
  keptBodyOf,
  type KeptPing,
  entryOf,
  type LogEntry,
  loggedFlipOf,
  loggedMissOf,
  loggedPingOf,
  logItem,
} from './journal-item.ts'
import { bodyEntry, flipEntry, missEntry, pingEntry } from '../keys.ts'
import { allOf } from '../items/all-of.ts'
import { readEach } from '../items/read-each.ts'

/** Halves a log of any length to one ping. */
const MOST_LOOKS = 50

/**
 * The log of each check: its pings, their bodies, its flips. Expired entries count as absent, even
 * while they are still stored, and so do those from before the log of a check began.
 */
export class Journal {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /**
   * Writes entries; one that is there already is written again as it was.
   * @param expiresAt epoch seconds
   * @param flipsExpireAt of flips, which are few and make the history
   * @throws when DynamoDB leaves entries unwritten again and again
   */
  async put(
    entries: readonly LogEntry[],
    expiresAt: number,
    flipsExpireAt = expiresAt,
  ): Promise<void> {
    const itemOf = (entry: LogEntry) => logItem(entry, 'flip' in entry ? flipsExpireAt : expiresAt)
    const items = [...new Map(entries.map((entry) => [keyOf(entry), itemOf(entry)])).values()]
    await this.#database.putSome(this.#table, items)
  }

  /** Keeps a body, compressed, up to what `keptBytes` allows. @param expiresAt epoch seconds */
  async putBody(ping: KeptPing, body: KeptBody, expiresAt: number): Promise<void> {
    await this.#database.put({ table: this.#table, item: bodyItem(ping, body, expiresAt) })
  }

  /**
   * The body of a ping. Undefined when it had none, or when the body is expired, not there yet, or
   * unreadable.
   */
  async body(
    { id, logFrom = 0 }: LoggedCheck,
    number: number,
    now: number,
  ): Promise<KeptBody | undefined> {
    const item = await this.#database.get({
      table: this.#table,
      key: { check: id, entry: bodyEntry(number) },
      isCurrent: true,
    })
    if (item === undefined || !isOwnBody(item, logFrom)) return undefined
    return readEntries([item], keptBodyOf, now)[0]
  }

  /** The last pings of a check, newest first. */
  pings(check: LoggedCheck, limit: number, now: number): Promise<readonly LoggedPing[]> {
    return this.pingsBefore(check, { before: Infinity, limit }, now)
  }

  /**
   * The same of those that came before a ping, by its number. Numbers begin anew with each check: a
   * longer log of an earlier one goes on behind the last ping, which is looked for then.
   */
  async pingsBefore(
    { id, logFrom = 0 }: LoggedCheck,
    { before, limit }: { readonly before: number; readonly limit: number },
    now: number,
  ): Promise<readonly LoggedPing[]> {
    const readUntil = async (end: number) => {
      if (end <= 1) return []
      const items = await this.#newest(id, [pingEntry(0), pingEntry(end - 1)], limit)
      return readEntries(items, loggedPingOf, now)
    }
    const isEarlier = ({ at }: LoggedPing) => at < logFrom
    let pings = await readUntil(before)
    const [newest] = pings
    if (newest !== undefined && isEarlier(newest))
      pings = await readUntil(await this.#firstNumber(id, newest.number - 1, isEarlier))
    return pings.filter((ping) => !isEarlier(ping))
  }

  /**
   * The number of the first ping at an instant or later, one more than the last where there is
   * none. The log is sorted by number: some seventeen reads of one ping find it among a hundred
   * thousand.
   * @param last the number of the last ping
   */
  numberAt(checkId: string, at: number, last: number): Promise<number> {
    return this.#firstNumber(checkId, last, (ping) => ping.at >= at)
  }

  /** @param isBehind of no ping before the wanted one, and of all from there to the last */
  async #firstNumber(
    checkId: string,
    last: number,
    isBehind: (ping: LoggedPing) => boolean,
  ): Promise<number> {
    let [from, to] = [1, last + 1]
    for (let looked = 0; looked < MOST_LOOKS && from < to; looked += 1) {
      const middle = Math.floor((from + to) / 2)
      const entries = [pingEntry(0), pingEntry(middle)] as const
      const [ping] = readEntries(await this.#newest(checkId, entries, 1), loggedPingOf, 0)
      if (ping !== undefined && isBehind(ping)) to = ping.number
      else from = middle + 1
    }
    return to
  }

  /** The last flips of a check, newest first, at `from` or later and before `to`. */
  async flips(
    { id, logFrom = 0 }: LoggedCheck,
    range: { readonly from?: number; readonly to?: number; readonly limit: number },
    now: number,
  ): Promise<readonly Flip[]> {
    const { to = Infinity, limit } = range
    const from = Math.max(range.from ?? 0, logFrom)
    if (to <= from) return []
    const items = await this.#newest(id, [flipEntry(from), flipEntry(to)], limit)
    return readEntries(items, loggedFlipOf, now)
  }

  /** The last misses of a check that it tolerated, newest first. */
  async misses(
    { id, logFrom = 0 }: LoggedCheck,
    limit: number,
    now: number,
  ): Promise<readonly FailedRun[]> {
    const items = await this.#newest(id, [missEntry(logFrom), missEntry(Infinity)], limit)
    return readEntries(items, loggedMissOf, now)
  }

  async #newest(
    checkId: string,
    [first, last]: readonly [string, string],
    limit: number,
  ): Promise<readonly Item[]> {
    const query = {
      table: this.#table,
      where: '#check = :check AND #entry BETWEEN :first AND :last',
      names: { '#check': 'check', '#entry': 'entry' },
      values: { ':check': checkId, ':first': first, ':last': last },
      isBackwards: true,
      isCurrent: true,
      limit,
    }
    return allOf(this.#database.query(query))
  }
}

/** A batch must not name an item twice, and a stream may deliver a record twice. */
function keyOf(entry: LogEntry): string {
  return `${entry.checkId}#${entryOf(entry)}`
}

/** What has not expired. An entry that can't be read is named, and hides none of the others. */
function readEntries<Read>(
  items: readonly Item[],
  decode: (item: Item) => Read,
  now: number,
): readonly Read[] {
  const current = items.filter((item) => !hasExpired(item, now))
  return readEach(current, decode, {
    nameOf: ({ check, entry }) => `${String(check)} ${String(entry)}`,
  })
}
