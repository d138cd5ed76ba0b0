import { TransactionConflictException } from '@aws-sdk/client-dynamodb'
import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { freePort } from '../../lib/local/engine/engine.ts'
import { makeSdkDatabase } from '../../lambdas/aws/sdk-database.ts'
import { boundedCalls } from '../../lambdas/runtime/bounded-calls.ts'
import type { Database } from '../../lambdas/runtime/database.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  vi.unstubAllEnvs()
})

describe('a database of the SDK', () => {
  it('gives up a call that gets no answer, and tries again', async () => {
    const calls = await served([undefined, found])
    const database = makeSdkDatabase(
      boundedCalls({
        connectionTimeoutMs: 50,
        requestTimeoutMs: 50,
        maxAttempts: 2,
      }),
    )

    expect(await read(database)).toEqual({ id: 'found' })
    expect(calls.count).toBe(2)
  })

  it('tries again where a transaction was in the way, which DynamoDB does not call an error of the moment', async () => {
    const calls = await served([conflict, found])

    expect(await read(makeSdkDatabase())).toEqual({ id: 'found' })
    expect(calls.count).toBe(2)
  })

  it('gives up where transactions go on being in the way', async () => {
    const calls = await served([conflict, conflict, conflict, conflict])

    await expect(read(makeSdkDatabase())).rejects.toThrow(TransactionConflictException)
    expect(calls.count).toBe(3)
  })
})

const found = { Item: { id: { S: 'found' } } }
const conflict = {
  __type: 'com.amazonaws.dynamodb.v20120810#TransactionConflictException',
  message: 'Transaction is ongoing for the item',
}

/** Answers each call with the next of these; not at all where there is none. */
async function served(answers: readonly (object | undefined)[]): Promise<{ count: number }> {
  const calls = { count: 0 }
  const port = await freePort()
  server = createServer((request, response) => {
    const answer = answers[calls.count]
    calls.count += 1
    request.resume()
    if (answer !== undefined)
      response.writeHead('__type' in answer ? 400 : 200).end(JSON.stringify(answer))
  }).listen(port, '127.0.0.1')
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${port}`)
  return calls
}

function read(database: Database) {
  return database.get({ table: 'Heartbeats', key: { id: 'x' } })
}
