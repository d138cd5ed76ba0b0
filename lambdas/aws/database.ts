import type { Database, RawItem, Refusal, Written } from '../runtime/database.ts'
import { unmarshalled } from './attribute-value.ts'
import type { DatabaseCall, ItemForm, DatabaseOperation } from './database-call.ts'
import { gotten, putAll } from './database-batches.ts'
import { makeInputs } from './database-inputs.ts'
import { queried, scanned } from './database-pages.ts'

/**
 * The tables behind calls to DynamoDB. A refused call throws an error of DynamoDB's name, with the
 * items that DynamoDB shows, in DynamoDB's own form.
 */
export function makeDatabase(call: DatabaseCall, form: ItemForm, rawCall = call): Database {
  const inputs = makeInputs(form)
  const write = (operation: DatabaseOperation, input: object) =>
    written(call(operation, input), form)
  return {
    async get(read) {
      const { Item: item }: { Item?: object } = await call('GetItem', inputs.read(read))
      return item && form.read(item)
    },
    put: (put) => write('PutItem', inputs.put(put)),
    update: (update) =>
      write('UpdateItem', {
        ...inputs.update(update),
        ReturnValues: update.showsWritten === true ? 'UPDATED_NEW' : undefined,
      }),
    delete: (deletion) =>
      write('DeleteItem', {
        ...inputs.at(deletion),
        ReturnValues: deletion.showsDeleted === true ? 'ALL_OLD' : undefined,
      }),
    async *query(query) {
      for await (const items of queried(call, inputs.query(query), query.limit))
        yield items.map(form.read)
    },
    async *scan(scan) {
      for await (const items of scanned(call, inputs.scan(scan), scan.tries))
        yield items.map(form.read)
    },
    rawScan: (scan) => scanned(rawCall, inputs.scan(scan), scan.tries),
    async getSome(table, keys) {
      return (await gotten(call, table, keys.map(form.write))).map(form.read)
    },
    putSome: (table, items) => putAll(call, table, items.map(form.write)),
    async transact(writes) {
      try {
        await call('TransactWriteItems', { TransactItems: writes.map(inputs.part) })
        return 'done'
      } catch (error) {
        return refusalsIn(error)
      }
    },
  }
}

async function written(answer: Promise<object>, form: ItemForm): Promise<Written> {
  try {
    const { Attributes: item }: { Attributes?: object } = await answer
    return { isWritten: true, item: item && form.read(item) }
  } catch (error) {
    const { name, Item: item } = error as { name?: unknown; Item?: RawItem }
    if (name !== 'ConditionalCheckFailedException') throw error
    return { isWritten: false, found: item && unmarshalled(item) }
  }
}

type Reason = { readonly Code?: string; readonly Item?: RawItem }

/** Reasons after which the same transaction may succeed a moment later. */
const passing: readonly (string | undefined)[] = [
  'None',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]

function refusalsIn(error: unknown): 'busy' | readonly Refusal[] {
  const { name, CancellationReasons: reasons = [] } = error as {
    readonly name?: unknown
    readonly CancellationReasons?: readonly Reason[]
  }
  if (name !== 'TransactionCanceledException') throw error
  const refusals = reasons.flatMap(({ Code, Item: item }, index) =>
    Code === 'ConditionalCheckFailed' ? [{ index, found: item && unmarshalled(item) }] : [],
  )
  if (refusals.length > 0) return refusals
  if (reasons.length > 0 && reasons.every(({ Code }) => passing.includes(Code))) return 'busy'
  throw error
}
