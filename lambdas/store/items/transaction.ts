import { backOff, type Seams } from '../../runtime/backoff.ts'
import type { Database, Refusal, Write } from '../../runtime/database.ts'

const TRIES = 10

/**
 * Writes all or nothing. Answers with the conditions that did not hold, none when all is written.
 * @throws when other transactions are in the way at every try.
 */
export async function transact(
  database: Pick<Database, 'transact'>,
  writes: readonly Write[],
  seams?: Seams,
): Promise<readonly Refusal[]> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await backOff(attempt - 1, seams)
    const outcome = await database.transact(writes)
    if (outcome === 'done') return []
    if (outcome !== 'busy') return outcome
  }
  throw new Error(`other transactions were in the way of one at ${TRIES} tries`)
}
