import { unmarshalled } from '../../aws/attribute-value.ts'
import type { Heartbeat } from '../../domain/watching/heartbeat.ts'
import type { Database, Item } from '../../runtime/database.ts'
import { maybeText } from '../items/attributes.ts'
import { readEach } from '../items/read-each.ts'
import * as attribute from './heartbeat-attributes.ts'
import { heartbeatOf } from './heartbeat-item.ts'
import { Heartbeats } from './heartbeats.ts'

/** What a heartbeat takes on the mean: a scan pays by bytes, a key pays for itself. */
const ITEM_BYTES = 250
const UNIT_BYTES = 4096
/** A scan is tried again after so many lists: the table may be smaller by then. */
const LISTS_UNTIL_RETRY = 1000

/** Heartbeats for those who show lists of them. Pings do without. */
export class HeartbeatLists extends Heartbeats {
  readonly #population: Population

  constructor(database: Database, tableName: string) {
    super(database, tableName)
    this.#population = new Population(database, tableName)
  }

  /** Whether a list of so many is read by their keys, because a scan costs more. */
  readsByKeys(count: number): boolean {
    return this.#population.costsMore(count)
  }

  /**
   * Heartbeats by id; those that don't exist, or can't be read, are left out.
   * @param isCurrent as they are now; else they may be as they were a moment ago, for half
   */
  async readList(
    ids: readonly string[],
    isCurrent: boolean,
  ): Promise<ReadonlyMap<string, Heartbeat>> {
    const items = await this.#population.read(new Set(ids), isCurrent)
    const nameOf = (item: Item) => maybeText(item, attribute.id) ?? ''
    const heartbeats = readEach(items, heartbeatOf, { nameOf })
    return new Map(heartbeats.map((heartbeat) => [heartbeat.id, heartbeat]))
  }
}

/**
 * Reads the heartbeats of a list. A scan of the whole table is taken where it costs less than the
 * keys one by one: 45 read units in place of 1000, for all heartbeats of a table of 1000. One that
 * turns out to cost more is given up, and remembered.
 */
class Population {
  readonly #database: Database
  readonly #table: string
  /** How many heartbeats the table has at least, as a scan has shown that was given up. */
  #least = 0
  #lists = 0

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** @param isCurrent as they are now, and not as they may have been a moment ago, for half */
  async read(ids: ReadonlySet<string>, isCurrent: boolean): Promise<readonly Item[]> {
    if (!this.#mayScan(ids.size)) return this.#byKeys([...ids])
    const found = new Map<string, Item>()
    let seen = 0
    for await (const page of this.#database.rawScan({ table: this.#table, isCurrent })) {
      seen += page.length
      for (const item of page) {
        const id = String(item['id']?.['S'])
        if (ids.has(id)) found.set(id, unmarshalled(item))
      }
      if (found.size === ids.size || costsMore(seen, ids.size)) break
    }
    if (!costsMore(seen, ids.size)) return [...found.values()]
    this.#giveUp(seen)
    const missing = [...ids].filter((id) => !found.has(id))
    return [...found.values(), ...(await this.#byKeys(missing))]
  }

  /** Whether a scan is known to cost more than so many keys. */
  costsMore(count: number): boolean {
    return costsMore(this.#least, count)
  }

  #mayScan(count: number): boolean {
    if (count < 2) return false
    if (!this.costsMore(count)) return true
    this.#lists += 1
    return this.#lists > LISTS_UNTIL_RETRY
  }

  #giveUp(seen: number): void {
    this.#least = seen
    this.#lists = 0
  }

  async #byKeys(ids: readonly string[]): Promise<readonly Item[]> {
    return this.#database.getSome(
      this.#table,
      ids.map((id) => ({ id })),
    )
  }
}

/** Whether a scan of so many heartbeats costs more than so many keys. */
function costsMore(seen: number, count: number): boolean {
  return (seen * ITEM_BYTES) / UNIT_BYTES > count
}
