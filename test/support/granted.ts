import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database, Write } from '../../lambdas/runtime/database.ts'
import type { TableName } from '../../lambdas/store/keys.ts'
import { type FunctionName, grants } from '../../lib/grants.ts'

const acting = new AsyncLocalStorage<FunctionName>()

/** Has some work go on as a function: `grantedOnly` refuses what the function is not let into. */
export function actingAs<Outcome>(name: FunctionName, work: () => Outcome): Outcome {
  return acting.run(name, work)
}

/** A database as IAM lets a function into it; for tests themselves, it is open. */
export function grantedOnly(
  database: Database,
  names: Readonly<Record<TableName, string>>,
): Database {
  const check = (action: string, table: string) => {
    const name = acting.getStore()
    if (name === undefined) return
    const place = Object.entries(names).find(([, each]) => each === table)?.[0] ?? table
    const granted: Readonly<Record<string, readonly string[]>> = grants[name]
    if (granted[place]?.includes(`dynamodb:${action}`) !== true)
      throw new Error(`AccessDeniedException: ${name} may not ${action} in ${place}`)
  }
  const one =
    <Input extends { readonly table: string }, Output>(
      action: string,
      call: (input: Input) => Output,
    ) =>
    (input: Input): Output => {
      check(action, input.table)
      return call(input)
    }
  return {
    get: one('GetItem', (read) => database.get(read)),
    put: one('PutItem', (put) => database.put(put)),
    update: one('UpdateItem', (update) => database.update(update)),
    delete: one('DeleteItem', (deletion) => database.delete(deletion)),
    query: one('Query', (query) => database.query(query)),
    scan: one('Scan', (scan) => database.scan(scan)),
    rawScan: one('Scan', (scan) => database.rawScan(scan)),
    getSome: (table, keys) => {
      check('BatchGetItem', table)
      return database.getSome(table, keys)
    },
    putSome: (table, items) => {
      check('BatchWriteItem', table)
      return database.putSome(table, items)
    },
    transact: (writes) => {
      for (const write of writes) check(...partOf(write))
      return database.transact(writes)
    },
  }
}

/** IAM checks each part of a transaction by itself. */
function partOf(write: Write): [action: string, table: string] {
  if ('put' in write) return ['PutItem', write.put.table]
  if ('update' in write) return ['UpdateItem', write.update.table]
  if ('delete' in write) return ['DeleteItem', write.delete.table]
  return ['ConditionCheckItem', write.check.table]
}
