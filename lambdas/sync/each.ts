import { inGroups } from '../runtime/groups.ts'
import { nameOf, warn } from '../runtime/log.ts'

const CONCURRENT_WRITES = 10

/** Does the work, and answers whether it succeeded. One bad check must not hold up the others. */
export async function succeeds(check: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    warn('sync-failed', { check, error: nameOf(error) })
    return false
  }
}

export async function each<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  await inGroups(items, CONCURRENT_WRITES, work)
}
