import type { Database } from '../../lambdas/runtime/database.ts'

/** Counts the calls that write to a database, from now on. */
export function countedWrites(database: Database): () => number {
  let count = 0
  const before = { ...database }
  Object.assign(database, {
    put: (one) => ((count += 1), before.put(one)),
    update: (one) => ((count += 1), before.update(one)),
    delete: (one) => ((count += 1), before.delete(one)),
    putSome: (table, items) => ((count += 1), before.putSome(table, items)),
    transact: (writes) => ((count += 1), before.transact(writes)),
  } satisfies Partial<Database>)
  return () => count
}
