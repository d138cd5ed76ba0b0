import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { makeOwnDatabase } from '../../lambdas/aws/own-database.ts'
import { makeSdkDatabase } from '../../lambdas/aws/sdk-database.ts'
import { boundedCalls } from '../../lambdas/runtime/bounded-calls.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'

let server: Loopback | undefined
afterEach(() => server?.stop())

/** A service that answers so. */
async function serving(
  reply: (response: ServerResponse, request: IncomingMessage) => void,
): Promise<string> {
  server = await listenOnLoopback((request, response) => reply(response, request))
  return server.url
}

const silent = () => undefined
const stalling = (response: ServerResponse) =>
  void response.writeHead(200, { 'content-length': '1000' }).write('{"Item":')

const bounded = boundedCalls({ connectionTimeoutMs: 50, requestTimeoutMs: 50, maxAttempts: 2 })
const read = { table: 'T', key: { id: 'x' } }

describe('a bounded call', () => {
  it.each([
    ['is never answered', silent],
    ['is answered by half', stalling],
  ])('that %s fails, whichever client makes it', async (_, reply) => {
    const endpoint = await serving(reply)

    await expect(makeOwnDatabase({ endpoint, ...bounded }).get(read)).rejects.toThrow()
    await expect(makeSdkDatabase({ endpoint, ...bounded }).get(read)).rejects.toThrow()
  })
})
