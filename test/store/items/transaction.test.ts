import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { random } from '../../../lambdas/runtime/random.ts'
import { transact } from '../../../lambdas/store/items/transaction.ts'
import { aClock } from '../../support/clock.ts'

/** A client whose first sends fail with these reasons, one list for each, and counts the sends. */
function refusing(...failures: readonly CancellationReason[][]) {
  let sends = 0
  const send = (): Promise<unknown> => {
    const CancellationReasons = failures[sends]
    sends += 1
    if (CancellationReasons === undefined) return Promise.resolve({})
    return Promise.reject(
      new TransactionCanceledException({
        CancellationReasons,
        message: 'cancelled',
        $metadata: {},
      }),
    )
  }
  return { send: send as Parameters<typeof transact>[0]['send'], sends: () => sends }
}

const seams = { clock: aClock(0), random }
const conflict: CancellationReason[] = [{ Code: 'None' }, { Code: 'TransactionConflict' }]

describe('a transaction', () => {
  it('is tried again after a conflict with another one', async () => {
    const client = refusing(conflict, conflict)

    expect(await transact(client, [], seams)).toEqual([])
    expect(client.sends()).toBe(3)
  })

  it('gives up when there is a conflict every time', async () => {
    const client = refusing(...Array.from({ length: 100 }, () => conflict))

    await expect(transact(client, [], seams)).rejects.toThrow(TransactionCanceledException)
    expect(client.sends()).toBe(10)
  })

  it('tells which conditions did not hold, and what was found', async () => {
    const client = refusing([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Item: { n: { N: '1' } } },
      { Code: 'ConditionalCheckFailed' },
    ])

    expect(await transact(client, [], seams)).toEqual([
      { index: 1, found: { n: { N: '1' } } },
      { index: 2 },
    ])
    expect(client.sends()).toBe(1)
  })

  it('is not tried again when it can not succeed', async () => {
    const client = refusing([{ Code: 'ValidationError' }])

    await expect(transact(client, [], seams)).rejects.toThrow(TransactionCanceledException)
    expect(client.sends()).toBe(1)
  })
})
