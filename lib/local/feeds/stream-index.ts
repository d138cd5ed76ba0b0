import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const LOCK_TIMEOUT_MS = 5000

/**
 * Gives the embedded engine the index that it lacks: to number a record of a stream it looks at all
 * records before it, so that each write to a table with a stream takes a microsecond longer for
 * every few that came before. Another engine, which has no such file, needs none.
 */
export function indexStreamRecords(databasePath: string): void {
  if (!existsSync(databasePath)) return
  const database = new DatabaseSync(databasePath, { timeout: LOCK_TIMEOUT_MS })
  try {
    const isKnown =
      database
        .prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_stream_records'`)
        .get() !== undefined
    if (isKnown)
      database.exec(
        'CREATE INDEX IF NOT EXISTS stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))',
      )
  } finally {
    database.close()
  }
}
