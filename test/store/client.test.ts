import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../../lib/local/engine.ts'
import { makeDynamoClient } from '../../lambdas/store/client.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

describe('a client', () => {
  it('gives up a call that gets no answer, and tries again', async () => {
    let calls = 0
    const port = await freePort()
    server = createServer((request, response) => {
      calls += 1
      if (calls === 1) return
      request.resume()
      response.end(JSON.stringify({ Item: { id: { S: 'found' } } }))
    }).listen(port, '127.0.0.1')
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = `http://127.0.0.1:${port}`
    const client = makeDynamoClient({ connectionTimeoutMs: 50, requestTimeoutMs: 50, maxAttempts: 2 })

    const { Item } = await client.send(new GetItemCommand({ TableName: 'Heartbeats', Key: { id: { S: 'x' } } }))

    delete process.env['AWS_ENDPOINT_URL_DYNAMODB']
    expect(Item).toEqual({ id: { S: 'found' } })
    expect(calls).toBe(2)
  })
})
