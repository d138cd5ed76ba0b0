import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const LOCK_TIMEOUT_MS = 5000

/**
 * Gives the embedded engine an index that it lacks. To number a record of a stream, it reads all
 * records before it: each write takes a microsecond longer for every few that came before. An
 * engine without such a file needs no index.
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
