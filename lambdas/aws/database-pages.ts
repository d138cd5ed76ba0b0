import { tryAgain } from '../runtime/backoff.ts'
import type { RawItem } from '../runtime/database.ts'
import type { DatabaseCall } from './database-call.ts'

/** The pages of a query, up to so many items in all. */
export async function* queried(
  call: DatabaseCall,
  input: object,
  limit: number | undefined,
): AsyncGenerator<readonly RawItem[]> {
  let left = limit ?? Infinity
  let from: object | undefined
  do {
    const Limit = left === Infinity ? undefined : left
    const page: Page = await call('Query', { ...input, ExclusiveStartKey: from, Limit })
    yield page.Items ?? []
    left -= page.Items?.length ?? 0
    from = page.LastEvaluatedKey
  } while (from !== undefined && left > 0)
}

/** The pages of a scan. A page that fails is asked for up to `tries` times. */
export async function* scanned(
  call: DatabaseCall,
  input: object,
  tries = 1,
): AsyncGenerator<readonly RawItem[]> {
  let from: object | undefined
  do {
    const asked = { ...input, ExclusiveStartKey: from }
    const page: Page = await tryAgain(tries, () => call('Scan', asked))
    yield page.Items ?? []
    from = page.LastEvaluatedKey
  } while (from !== undefined)
}

type Page = { readonly Items?: readonly RawItem[]; readonly LastEvaluatedKey?: object }
