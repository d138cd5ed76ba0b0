import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineClient } from '../../../../lib/local/engine/engine-client.ts'

let server: Server
let client: EngineClient
let connections = 0
/** How the engine answers a body. */
let answer: (body: string, response: ServerResponse) => void

beforeEach(async () => {
  connections = 0
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => answer(Buffer.concat(chunks).toString(), response))
  })
  server.on('connection', () => (connections += 1))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  client = new EngineClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
afterEach(() => {
  client.close()
  server.close()
})

const call = async (body: string) =>
  (await client.send('DynamoDB_20120810.GetItem', body)).body.toString()

describe('the client of the engine', () => {
  it('gets each call its own answer, however many go on at once, over few connections', async () => {
    answer = (body, response) => setImmediate(() => response.end(body.repeat(1000)))
    const bodies = Array.from({ length: 300 }, (_, index) => `ä${index} `)

    expect(await Promise.all(bodies.map(call))).toEqual(bodies.map((body) => body.repeat(1000)))
    expect(connections).toBeLessThanOrEqual(64)
  })

  it('keeps its connection for the next call', async () => {
    answer = (body, response) => response.end(body)

    for (const body of ['one', 'two', 'three']) expect(await call(body)).toBe(body)

    expect(connections).toBe(1)
  })

  it('fails a call whose connection ends, and goes on with another', async () => {
    answer = (_, response) => response.destroy()
    await expect(call('lost')).rejects.toThrow('the server closed the connection')

    answer = (body, response) => response.setHeader('connection', 'close').end(body)
    expect([await call('two'), await call('three')]).toEqual(['two', 'three'])
  })
})
