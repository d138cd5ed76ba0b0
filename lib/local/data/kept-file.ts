import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { StartError } from '../start-error.ts'
import { StorageError } from './storage-error.ts'

/**
 * The file of what the stack keeps besides its tables. One process at a time can open it. Each
 * write is in the file when the call returns.
 */
export class KeptFile {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  private constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** @throws StartError when another stack has the file open, or when it is no such file */
  static open(path: string): KeptFile {
    try {
      // Only its owner can read it. SQLite gives the files beside it the same mode.
      closeSync(openSync(path, 'a', 0o600))
      return new KeptFile(opened(path))
    } catch (error) {
      const reason = isBusy(error)
        ? 'is in use: another stack runs on this folder'
        : `is broken: ${reasonOf(error)}`
      throw new StartError(`${path} ${reason}`)
    }
  }

  static inMemory(): KeptFile {
    return new KeptFile(opened(':memory:'))
  }

  close(): void {
    this.#database.close()
  }

  /** Deletes all content. */
  clear(): void {
    for (const table of ['notes', 'messages', 'objects', 'items', 'records'])
      this.run(`DELETE FROM ${table}`)
  }

  all(sql: string, ...values: readonly SQLInputValue[]) {
    return this.#prepared(sql).all(...values)
  }

  /** @throws StorageError when the file cannot be written */
  run(sql: string, ...values: readonly SQLInputValue[]): void {
    written(() => this.#prepared(sql).run(...values))
  }

  /** Does all of the work, or nothing. @throws StorageError when the file cannot be written */
  atOnce(work: () => void): void {
    this.run('BEGIN')
    try {
      work()
      this.run('COMMIT')
    } catch (error) {
      // A full disk may have ended the transaction by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #prepared(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

const BUSY = 5

/**
 * The lock is the operating system's, which releases it when the process dies. Writes are not
 * synced to disk: after a power cut the engine lacks its last writes as well.
 */
const settings = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, queue TEXT NOT NULL, message TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS objects (bucket TEXT, key TEXT, bytes BLOB NOT NULL, expires_at REAL NOT NULL, PRIMARY KEY (bucket, key));
  CREATE TABLE IF NOT EXISTS items (name TEXT, id TEXT, item TEXT NOT NULL, PRIMARY KEY (name, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS records (name TEXT, number INTEGER, at REAL NOT NULL, record TEXT NOT NULL, PRIMARY KEY (name, number)) WITHOUT ROWID;
`

function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec(settings)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function written(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    throw new StorageError(`the data folder cannot be written: ${reasonOf(error)}`)
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === BUSY
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
