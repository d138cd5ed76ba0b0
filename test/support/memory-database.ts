import { makeDatabase } from '../../lambdas/aws/database.ts'
import { rawForm } from '../../lambdas/aws/own-database.ts'
import type { Database } from '../../lambdas/runtime/database.ts'
import type { MemoryTables } from '../../lib/local/engine/memory-tables.ts'

/** A database on tables of the model. */
export function memoryDatabase(tables: MemoryTables): Database {
  return makeDatabase(
    (operation, input) => Promise.resolve().then(() => tables.execute(operation, input)),
    rawForm,
  )
}
