import dns from 'node:dns'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeSendMail } from '../../lambdas/aws/mail.ts'
import { makeOwnDatabase } from '../../lambdas/aws/own-database.ts'
import { makeSdkDatabase } from '../../lambdas/aws/sdk-database.ts'
import { boundedCalls } from '../../lambdas/runtime/bounded-calls.ts'
import { clock } from '../../lambdas/runtime/clock.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const limits = (maxAttempts: number) =>
  boundedCalls({ connectionTimeoutMs: 300, requestTimeoutMs: 300, maxAttempts })
const put = { table: 'T', item: { id: 'x' } }

type Client = { call(): Promise<unknown> }
type MakeClient = (endpoint: string, maxAttempts: number) => Client

const clients: readonly [string, MakeClient][] = [
  [
    'our own client',
    (endpoint, maxAttempts) => {
      const database = makeOwnDatabase({ endpoint, ...limits(maxAttempts) })
      return { call: () => database.put(put) }
    },
  ],
  [
    'the SDK',
    (endpoint, maxAttempts) => {
      const database = makeSdkDatabase({ endpoint, ...limits(maxAttempts) })
      return { call: () => database.put(put) }
    },
  ],
]

const mail = {
  from: 'alerts@example.com',
  to: 'ops@example.com',
  subject: '',
  text: '',
  html: '',
  headers: {},
  tags: {},
}

const answer = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'

/**
 * Lives in a thread of its own, and ends a connection soon after its answer, also while this one is
 * blocked. It does not say so ahead.
 */
async function aServerThatHangsUp(): Promise<string> {
  const server = `
    const { parentPort } = require('node:worker_threads')
    const server = require('node:net').createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', () => socket.write(${JSON.stringify(answer)}, () => setTimeout(() => socket.resetAndDestroy(), 30)))
    })
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`
  const worker = new Worker(server, { eval: true })
  stops.push(() => worker.terminate())
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  return `http://127.0.0.1:${port}`
}

/**
 * As a router that forgets which connections it carries: what comes by one of before is lost
 * without a word.
 */
async function aRouter() {
  const carried = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    carried.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => setTimeout(() => carried.has(socket) && socket.write(answer), 5))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const all = new Set<Socket>()
  server.on('connection', (socket) => all.add(socket))
  stops.push(async () => {
    for (const socket of all) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    forget: () => carried.clear(),
    connections: () => connections,
  }
}

/** Stops this process for some time, in which the other end goes on. */
function freeze(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
}

/** Has the wall clock go on. */
function pass(seconds: number): void {
  const now = clock.now()
  vi.spyOn(clock, 'now').mockImplementation(() => now + seconds * 1000)
}

describe.each(clients)('a kept connection of %s', (_, makeClient) => {
  it('serves the next call', async () => {
    const router = await aRouter()
    const client = makeClient(router.url, 1)

    await client.call()
    pass(29)
    await client.call()

    expect(router.connections()).toBe(1)
  })

  it('is to the first address of AWS, and no trial of 250 ms', async () => {
    const router = await aRouter()
    const lookup = vi.spyOn(dns, 'lookup')

    await expect(
      makeClient(router.url.replace('http://127.0.0.1', 'https://localhost'), 1).call(),
    ).rejects.toThrow()

    expect(lookup.mock.calls.map(([, options]) => options)).toEqual([
      expect.not.objectContaining({ all: true }),
    ])
  })

  it('is dropped unused after a rest in which the other end may have hung up', async () => {
    const client = makeClient(await aServerThatHangsUp(), 1)
    await client.call()

    freeze()
    pass(31)

    await expect(client.call()).resolves.toBeDefined()
  })

  it('is dropped unused after a rest in which a router may have forgotten it', async () => {
    const router = await aRouter()
    const client = makeClient(router.url, 1)
    await client.call()

    router.forget()
    pass(31)

    await expect(client.call()).resolves.toBeDefined()
  })

  it('costs one attempt when a router forgot it, however many there are', async () => {
    const router = await aRouter()
    const client = makeClient(router.url, 2)
    await Promise.all([client.call(), client.call(), client.call()])

    router.forget()

    await expect(client.call()).resolves.toBeDefined()
  })
})

describe('a mail', () => {
  it('goes by a connection of its own', async () => {
    const router = await aRouter()
    vi.stubEnv('AWS_ENDPOINT_URL_SESV2', router.url)
    const sendMail = makeSendMail()

    await sendMail(mail)
    await sendMail(mail)

    expect(router.connections()).toBe(2)
  })

  it('is not lost to a connection that ended meanwhile', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SESV2', await aServerThatHangsUp())
    const sendMail = makeSendMail()
    await sendMail(mail)

    freeze()

    await sendMail(mail)
  })
})
