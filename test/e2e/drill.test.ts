import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { advance, invokeAndAdvance, request, settle } from '../support/stack.ts'

const minute = 60

beforeEach(async () => {
  // A sweep draws the ids of Overdue's own heartbeats.
  await advance(2 * minute)
})
afterEach(async () => {
  await request('DELETE', '/_local/faults')
  // What lies in queues gets through.
  await advance(30 * minute)
})

/** A drill by hand. */
async function drill(...faults: readonly object[]): Promise<unknown> {
  if (faults.length > 0)
    expect((await request('POST', '/_local/faults', { json: faults })).status).toBe(200)
  return invokeAndAdvance('drill', 7 * minute)
}

async function mails(): Promise<string> {
  await settle()
  return (await request('GET', '/_local/mail')).text
}

describe('the drill', () => {
  it('passes on a healthy stack, and is mailed to nobody', async () => {
    expect(await drill()).toEqual({ stage: 'arrived' })
    expect(await drill()).toEqual({ stage: 'arrived' })

    expect(await mails()).not.toContain('Overdue drill')
  })

  const error = 'ServiceUnavailable'
  it.each([
    [
      'sweep',
      [
        {
          service: 'dynamodb',
          operation: 'UpdateItem',
          function: 'sweep',
          error: 'InternalServerError',
        },
      ],
    ],
    [
      'relay',
      ['relay', 'sweep'].map((name) => ({
        service: 'sqs',
        operation: 'SendMessageBatch',
        function: name,
        error,
      })),
    ],
    ['alert', [{ service: 'sqs', operation: 'SendMessageBatch', function: 'alert', error }]],
    ['deliver', [{ service: 'ses', error: 'ServiceUnavailableException' }]],
  ])('names %s when that swallows its alert', async (stage, faults) => {
    expect(await drill(...faults)).toEqual({ stage })
  })

  it('goes by itself once in a day, and does not make a long time longer', async () => {
    await request('DELETE', '/_local/meter')

    await advance(30 * 24 * 60 * minute)

    const { functions } = (await request('GET', '/_local/meter')).json as {
      functions: Record<string, { invocations: number }>
    }
    expect(functions['drill']?.invocations).toBe(1)
  })
})
