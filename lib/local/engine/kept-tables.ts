import type { DynamoDBRecord } from 'aws-lambda'
import type { KeptFile } from '../data/kept-file.ts'
import { recordOf } from './records.ts'
import type { Change, Table } from './table.ts'
import type { StoredItem } from './values.ts'
import { fromWire, toWire } from './wire.ts'

/** The model's tables in the data folder. They are read once; each change is first written here. */
export class KeptTables {
  readonly #file: KeptFile

  constructor(file: KeptFile) {
    this.#file = file
  }

  restore(table: Table): void {
    const { name } = table.shape
    const items = this.#file
      .all('SELECT item FROM items WHERE name = ?', name)
      .map(({ item }) => fromWire(String(item)) as StoredItem)
    const rows = this.#file.all(
      'SELECT number, record FROM records WHERE name = ? ORDER BY number',
      name,
    )
    const records = rows.map(({ record }) => fromWire(String(record)) as DynamoDBRecord)
    const [count] = this.#file.all('SELECT value FROM notes WHERE name = ?', countOf(name))
    table.restore(items, records, Number(rows.at(-1)?.['number'] ?? count?.['value'] ?? 0))
  }

  /** Keeps all of the changes, or none. @throws StorageError when they cannot be written */
  keep(changes: readonly Change[], now: number): void {
    const counts = new Map<Table, number>()
    this.#file.atOnce(() => {
      for (const change of changes) {
        this.#keepItem(change)
        if (change.table.shape.hasStream !== true) continue
        const number = (counts.get(change.table) ?? change.table.recordCount) + 1
        counts.set(change.table, number)
        this.#keepRecord(change, number, now)
      }
    })
  }

  /** Forgets the records of a stream from before an instant, but not how many there were. */
  forgetRecords({ shape: { name }, recordCount }: Table, before: number): void {
    this.#file.atOnce(() => {
      this.#file.run(
        'INSERT OR REPLACE INTO notes VALUES (?, ?)',
        countOf(name),
        recordCount.toString(),
      )
      this.#file.run('DELETE FROM records WHERE name = ? AND at < ?', name, before)
    })
  }

  #keepItem({ table, key, after }: Change): void {
    const { name } = table.shape
    if (after === undefined)
      this.#file.run('DELETE FROM items WHERE name = ? AND id = ?', name, key.id)
    else
      this.#file.run('INSERT OR REPLACE INTO items VALUES (?, ?, ?)', name, key.id, toWire(after))
  }

  #keepRecord({ table, keys, before, after }: Change, number: number, at: number): void {
    const { name } = table.shape
    const record = recordOf({ table: name, number, at, keys, before, after })
    this.#file.run('INSERT INTO records VALUES (?, ?, ?, ?)', name, number, at, toWire(record))
  }
}

function countOf(table: string): string {
  return `records of ${table}`
}
