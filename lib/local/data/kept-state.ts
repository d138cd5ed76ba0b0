import { z } from 'zod'
import type { KeptFile } from './kept-file.ts'
import { messageShape, type QueuedMessage } from '../services/message.ts'
import type { Positions } from '../feeds/stream-reader.ts'

/** An object of a bucket, and when it expires. */
export type KeptObject = {
  readonly key: string
  readonly bytes: Uint8Array
  readonly expiresAt: number
}

/**
 * The state of a stack that the engine does not keep: how far its clock is ahead, how far streams
 * are read, and what waits in queues and buckets. Each change is in the file when the call returns,
 * so that it outlives a crash.
 * @throws StorageError from each method that changes it, when the file cannot be written
 */
export class KeptState {
  readonly #file: KeptFile

  constructor(file: KeptFile) {
    this.#file = file
  }

  /** A fact about the whole folder, such as which engine wrote it. */
  note(name: string): string | undefined {
    const [row] = this.#file.all('SELECT value FROM notes WHERE name = ?', name)
    return row === undefined ? undefined : String(row['value'])
  }

  keepNote(name: string, value: string): void {
    this.#file.run('INSERT OR REPLACE INTO notes VALUES (?, ?)', name, value)
  }

  positionsOf(functionName: string): Positions {
    return positionsShape.parse(JSON.parse(this.note(`positions of ${functionName}`) ?? '{}'))
  }

  keepPositions(functionName: string, positions: Positions): void {
    this.keepNote(`positions of ${functionName}`, JSON.stringify(positions))
  }

  /** A queue's messages, oldest first. */
  messagesOf(queue: string): readonly QueuedMessage[] {
    const rows = this.#file.all(
      'SELECT message FROM messages WHERE queue = ? ORDER BY rowid',
      queue,
    )
    return rows.map(({ message }) => messageShape.parse(JSON.parse(String(message))))
  }

  /** Writes a message, and moves it here if it was in another queue. */
  keepMessage(queue: string, message: QueuedMessage): void {
    const update =
      'ON CONFLICT (id) DO UPDATE SET queue = excluded.queue, message = excluded.message'
    this.#file.run(
      `INSERT INTO messages VALUES (?, ?, ?) ${update}`,
      message.id,
      queue,
      JSON.stringify(message),
    )
  }

  forgetMessage(id: string): void {
    this.#file.run('DELETE FROM messages WHERE id = ?', id)
  }

  objectAt(bucket: string, key: string): KeptObject | undefined {
    const [row] = this.#file.all(
      'SELECT key, bytes, expires_at FROM objects WHERE bucket = ? AND key = ?',
      bucket,
      key,
    )
    return row === undefined ? undefined : objectShape.parse(row)
  }

  keepObject(bucket: string, { key, bytes, expiresAt }: KeptObject): void {
    this.#file.run(
      'INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)',
      bucket,
      key,
      bytes,
      expiresAt,
    )
  }

  /** Deletes the objects that have expired by now. */
  forgetObjects(bucket: string, now: number): void {
    this.#file.run('DELETE FROM objects WHERE bucket = ? AND expires_at <= ?', bucket, now)
  }
}

const positionsShape = z.record(z.string(), z.string())
const objectShape = z
  .object({ key: z.string(), bytes: z.instanceof(Uint8Array), expires_at: z.number() })
  .transform(({ key, bytes, expires_at: expiresAt }) => ({ key, bytes, expiresAt }))
