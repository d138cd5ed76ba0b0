import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { z } from 'zod'
import { messageShape, type Message } from './message.ts'
import { StartError } from './start-error.ts'
import { StorageError } from './storage-error.ts'
import type { Positions } from './stream-reader.ts'

/** An object of a bucket, and when it is gone. */
export type KeptObject = { readonly key: string; readonly bytes: Uint8Array; readonly expiresAt: number }

/**
 * What the engine does not keep of a stack: how far its clock is ahead, how far streams are read, what waits in queues and buckets. Each
 * change is in the file when the call returns, so that it outlives the process, however that ends.
 * @throws StorageError from what changes it, when that cannot be written
 */
export class KeptState {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  private constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** @throws StartError when another stack has the file open, or when it is no such file */
  static open(path: string): KeptState {
    // For its owner's eyes; SQLite gives the files beside it the same mode.
    closeSync(openSync(path, 'a', 0o600))
    try {
      return new KeptState(opened(path))
    } catch (error) {
      const reason = isCode(error, BUSY) ? 'is in use: another stack runs on this folder' : `is broken: ${reasonOf(error)}`
      throw new StartError(`${path} ${reason}`)
    }
  }

  static inMemory(): KeptState {
    return new KeptState(opened(':memory:'))
  }

  close(): void {
    this.#database.close()
  }

  /** A word about the folder as a whole, such as which engine wrote it. */
  note(name: string): string | undefined {
    const [row] = this.#all('SELECT value FROM notes WHERE name = ?', name)
    return row === undefined ? undefined : String(row['value'])
  }

  keepNote(name: string, value: string): void {
    this.#run('INSERT OR REPLACE INTO notes VALUES (?, ?)', name, value)
  }

  positionsOf(functionName: string): Positions {
    return positionsShape.parse(JSON.parse(this.note(`positions of ${functionName}`) ?? '{}'))
  }

  keepPositions(functionName: string, positions: Positions): void {
    this.keepNote(`positions of ${functionName}`, JSON.stringify(positions))
  }

  /** Oldest first. */
  messagesOf(queue: string): readonly Message[] {
    const rows = this.#all('SELECT message FROM messages WHERE queue = ? ORDER BY rowid', queue)
    return rows.map(({ message }) => messageShape.parse(JSON.parse(String(message))))
  }

  /** A message that another queue had is in this one from now on. */
  keepMessage(queue: string, message: Message): void {
    const update = 'ON CONFLICT (id) DO UPDATE SET queue = excluded.queue, message = excluded.message'
    this.#run(`INSERT INTO messages VALUES (?, ?, ?) ${update}`, message.id, queue, JSON.stringify(message))
  }

  forgetMessage(id: string): void {
    this.#run('DELETE FROM messages WHERE id = ?', id)
  }

  objectAt(bucket: string, key: string): KeptObject | undefined {
    return this.#all('SELECT key, bytes, expires_at FROM objects WHERE bucket = ? AND key = ?', bucket, key).map((row) =>
      objectShape.parse(row),
    )[0]
  }

  keepObject(bucket: string, { key, bytes, expiresAt }: KeptObject): void {
    this.#run('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)', bucket, key, bytes, expiresAt)
  }

  /** Those that are over by then. */
  forgetObjects(bucket: string, now: number): void {
    this.#run('DELETE FROM objects WHERE bucket = ? AND expires_at <= ?', bucket, now)
  }

  forgetAll(): void {
    for (const table of ['notes', 'messages', 'objects']) this.#run(`DELETE FROM ${table}`)
  }

  #all(sql: string, ...values: readonly SQLInputValue[]) {
    return this.#prepared(sql).all(...values)
  }

  #run(sql: string, ...values: readonly SQLInputValue[]): void {
    try {
      this.#prepared(sql).run(...values)
    } catch (error) {
      throw new StorageError(`the data folder cannot be written: ${reasonOf(error)}`)
    }
  }

  #prepared(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

const BUSY = 5

/** The lock is the system's, which takes it back from a process that has died. Not synced: a power cut may take what it takes of the engine. */
const settings = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, queue TEXT NOT NULL, message TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS objects (bucket TEXT, key TEXT, bytes BLOB NOT NULL, expires_at REAL NOT NULL, PRIMARY KEY (bucket, key));
`

function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec(settings)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

const positionsShape = z.record(z.string(), z.string())
const objectShape = z
  .object({ key: z.string(), bytes: z.instanceof(Uint8Array), expires_at: z.number() })
  .transform(({ key, bytes, expires_at: expiresAt }) => ({ key, bytes, expiresAt }))

function isCode(error: unknown, code: number): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === code
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
