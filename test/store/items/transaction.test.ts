import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { makeDatabase } from '../../../lambdas/aws/database.ts'
import { rawForm } from '../../../lambdas/aws/own-database.ts'
import { random } from '../../../lambdas/runtime/random.ts'
import { transact } from '../../../lambdas/store/items/transaction.ts'
import { aClock } from '../../support/clock.ts'

/** A database whose first calls fail with these reasons, one list for each. It counts the calls. */
function refusing(...failures: readonly CancellationReason[][]) {
  let calls = 0
  const call = (): Promise<object> => {
    const CancellationReasons = failures[calls]
    calls += 1
    if (CancellationReasons === undefined) return Promise.resolve({})
    return Promise.reject(
      new TransactionCanceledException({
        CancellationReasons,
        message: 'cancelled',
        $metadata: {},
      }),
    )
  }
  return { database: makeDatabase(call, rawForm), calls: () => calls }
}

const seams = { clock: aClock(0), random }
const conflict: CancellationReason[] = [{ Code: 'None' }, { Code: 'TransactionConflict' }]

describe('a transaction', () => {
  it('is tried again after a conflict with another one', async () => {
    const { database, calls } = refusing(conflict, conflict)

    expect(await transact(database, [], seams)).toEqual([])
    expect(calls()).toBe(3)
  })

  it('gives up when there is a conflict every time', async () => {
    const { database, calls } = refusing(...Array.from({ length: 100 }, () => conflict))

    await expect(transact(database, [], seams)).rejects.toThrow(
      'other transactions were in the way of one at 10 tries',
    )
    expect(calls()).toBe(10)
  })

  it('tells which conditions did not hold, and what was found', async () => {
    const { database, calls } = refusing([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Item: { n: { N: '1' } } },
      { Code: 'ConditionalCheckFailed' },
    ])

    expect(await transact(database, [], seams)).toEqual([
      { index: 1, found: { n: 1 } },
      { index: 2 },
    ])
    expect(calls()).toBe(1)
  })

  it('is not tried again when it can not succeed', async () => {
    const { database, calls } = refusing([{ Code: 'ValidationError' }])

    await expect(transact(database, [], seams)).rejects.toThrow(TransactionCanceledException)
    expect(calls()).toBe(1)
  })
})
