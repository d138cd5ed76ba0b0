import type { Database } from '../../lambdas/runtime/database.ts'

/**
 * Has something happen before each call to a database from now on. @param deed is told the
 * operation, such as `update`
 */
export function beforeCalls(
  database: Database,
  deed: (operation: 'get' | 'put' | 'update' | 'transact') => unknown,
): void {
  const before = { ...database }
  Object.assign(database, {
    get: async (read) => (await deed('get'), before.get(read)),
    put: async (one) => (await deed('put'), before.put(one)),
    update: async (one) => (await deed('update'), before.update(one)),
    transact: async (writes) => (await deed('transact'), before.transact(writes)),
  } satisfies Partial<Database>)
}
