import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import {
  type AddressInfo,
  getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout,
} from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { HttpSender, type HttpSettings, redirectedRequest } from '../../lambdas/channels/http.ts'
import type { HttpRequest } from '../../lambdas/domain/telling/webhook-request.ts'
import { start } from '../support/builders.ts'
import { startFarHost } from '../support/far-host.ts'

const servers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of servers.splice(0)) await stop()
})

type Taken = { readonly request: IncomingMessage; readonly body: string }

/** A server on loopback; `hook.test` is its name. */
async function aServer(answer: RequestListener = (_, response) => void response.end()) {
  const taken: Taken[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      taken.push({ request, body })
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { taken, port, url: `http://hook.test:${port}/start` }
}

const here = {
  resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  isPublic: () => true,
}

function follow(fields: Partial<HttpRequest>, settings: Partial<HttpSettings> = here) {
  const request = { method: 'POST', url: '', headers: {}, body: '', ...fields } as const
  return new HttpSender(settings).follow(request, start)
}

describe('a call', () => {
  const call = (url: string, settings: Partial<HttpSettings> = here) =>
    new HttpSender(settings).call({ method: 'POST', url, headers: {}, body: '{}' }, start)

  it('reads what is said, and when to come back', async () => {
    const { url } = await aServer((_, response) => {
      response.writeHead(429, { 'Retry-After': '70' }).end('{"ok":false}')
    })

    expect(await call(url)).toEqual({ status: 429, body: '{"ok":false}', retryAfterSeconds: 70 })
  })

  it('reads the beginning of a long answer, and of one that breaks off', async () => {
    const long = await aServer((_, response) => void response.end('x'.repeat(1_000_000)))
    const broken = await aServer((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' })
      response.write('half', () => response.destroy())
    })

    expect(await call(long.url)).toEqual({ status: 200, body: 'x'.repeat(8192) })
    expect(await call(broken.url)).toEqual({ status: 200, body: 'half' })
  })

  it('takes the head for the answer when the body does not end in time', async () => {
    const { url } = await aServer((_, response) => void response.writeHead(200).write('half'))

    expect(await call(url, { ...here, timeoutMs: 300 })).toEqual({ status: 200, body: 'half' })
  })

  it('does not wait for a host that takes the connection for another protocol', async () => {
    const { url } = await aServer((_, response) => {
      response.socket?.write('HTTP/1.1 101 Sure\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    })

    await expect(call(url, { ...here, timeoutMs: 300 })).rejects.toThrow('without an answer')
  })

  it('follows no redirect: what was posted would not arrive', async () => {
    const { url, taken } = await aServer((_, response) => {
      response.writeHead(302, { Location: '/other' }).end()
    })

    expect(await call(url)).toEqual({ status: 302, body: '' })
    expect(taken).toHaveLength(1)
  })

  it('goes to no private address', async () => {
    const { url, taken } = await aServer()

    expect(await call(url, { ...here, isPublic: () => false })).toBe('forbidden')
    expect(taken).toEqual([])
  })
})

describe('a call that follows redirects', () => {
  it('sends the request as it is', async () => {
    const { url, taken } = await aServer()

    const answer = await follow({
      method: 'PUT',
      url: `${url}?s=down`,
      headers: { 'X-Name': 'nightly backup' },
      body: '{"n": "nightly backup"}',
    })

    expect(answer).toEqual({ status: 200, body: '' })
    expect(taken).toMatchObject([
      {
        request: {
          method: 'PUT',
          url: '/start?s=down',
          headers: { 'user-agent': 'Overdue', 'x-name': 'nightly backup', 'content-length': '23' },
        },
        body: '{"n": "nightly backup"}',
      },
    ])
  })

  it('lets the channel name its own user agent', async () => {
    const { url, taken } = await aServer()

    await follow({ url, headers: { 'user-agent': 'mine' } })

    expect(taken[0]?.request.headers['user-agent']).toBe('mine')
  })

  const inAMinute = new Date(start + 59_001).toUTCString()
  it.each([
    ['90', 90],
    ['0', 0],
    [inAMinute, 59],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('reads Retry-After: %s as %i seconds', async (asked, seconds) => {
    const { url } = await aServer(
      (_, response) => void response.writeHead(429, { 'retry-after': asked }).end(),
    )

    expect(await follow({ url })).toEqual({ status: 429, body: '', retryAfterSeconds: seconds })
  })

  it.each(['soon', '-1', ''])('reads no delay in Retry-After: %s', async (asked) => {
    const { url } = await aServer(
      (_, response) => void response.writeHead(503, { 'retry-after': asked }).end(),
    )

    expect(await follow({ url })).toEqual({ status: 503, body: '' })
  })

  it('follows three redirects and no fourth', async () => {
    const redirect = (limit: number): RequestListener => {
      let count = 0
      return (_, response) => {
        count += 1
        if (count <= limit) response.writeHead(302, { location: `/${count}` }).end()
        else response.end()
      }
    }
    const three = await aServer(redirect(3))
    const loop = await aServer(redirect(Infinity))

    expect(await follow({ url: three.url })).toEqual({ status: 200, body: '' })
    expect(await follow({ url: loop.url })).toEqual({ status: 302, body: '' })

    expect(loop.taken).toHaveLength(4)
  })

  it('gives up on a server that hangs, and on a name that is never found', async () => {
    const { url } = await aServer(() => undefined)
    const resolve = () => new Promise<never>(() => undefined)

    await expect(follow({ url }, { ...here, timeoutMs: 50 })).rejects.toThrow()
    await expect(follow({ url }, { ...here, resolve, timeoutMs: 50 })).rejects.toThrow('timed out')
  })

  it('does not wait for an answer that never ends', async () => {
    const { url } = await aServer((_, response) => void response.writeHead(200).write('x'))

    expect(await follow({ url })).toEqual({ status: 200, body: '' })
  })

  it.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://127.1',
    'http://0',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00:ec2::254]',
  ])('reaches for nothing at %s', async (address) => {
    const { port, taken } = await aServer()
    const url = new URL(address)
    url.port = port.toString()

    expect(await follow({ url: url.href }, {})).toBe('forbidden')

    expect(taken).toEqual([])
  })

  it('refuses a name that has one private address beside public ones', async () => {
    const { url, taken } = await aServer()
    const resolve = () =>
      Promise.resolve(['8.8.8.8', '127.0.0.1'].map((address) => ({ address, family: 4 })))

    expect(await follow({ url }, { resolve })).toBe('forbidden')

    expect(taken).toEqual([])
  })

  it('reaches a host with addresses of both families that is far away', async () => {
    const usualMs = getDefaultAutoSelectFamilyAttemptTimeout()
    setDefaultAutoSelectFamilyAttemptTimeout(250)
    const host = await startFarHost()
    servers.push(() => {
      setDefaultAutoSelectFamilyAttemptTimeout(usualMs)
      return host.stop()
    })
    const addresses = [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]

    const answer = await follow(
      { url: `http://hook.test:${host.port}/` },
      { ...here, resolve: () => Promise.resolve(addresses) },
    )

    expect(answer).toEqual({ status: 200, body: '' })
  })

  it('looks a name up once, and connects to what it checked', async () => {
    const { url } = await aServer()
    const lookups: string[] = []
    const checked: string[] = []
    const resolve = (host: string) => {
      lookups.push(host)
      return here.resolve()
    }
    const isPublic = (address: string) => (checked.push(address), true)

    await follow({ url }, { resolve, isPublic })

    expect([lookups, checked]).toEqual([['hook.test'], ['127.0.0.1']])
  })

  it('checks the host of each redirect', async () => {
    const inside = await aServer()
    const outside = await aServer(
      (_, response) =>
        void response.writeHead(307, { location: `http://inside.test:${inside.port}/` }).end(),
    )
    const resolve = (host: string) =>
      Promise.resolve([{ address: host === 'inside.test' ? '127.0.0.2' : '127.0.0.1', family: 4 }])

    const answer = await follow(
      { url: outside.url },
      { resolve, isPublic: (address) => address === '127.0.0.1' },
    )

    expect(answer).toBe('forbidden')
    expect(inside.taken).toEqual([])
  })
})

describe('redirectedRequest', () => {
  const headers = {
    Authorization: 'secret',
    'Content-Type': 'text/plain',
    'webhook-signature': 'v1,x',
  }
  const post = { method: 'POST', url: 'https://a.test/one', headers, body: 'x' } as const

  it('turns a POST into a GET, and repeats it when the status says so', () => {
    expect(redirectedRequest(post, { status: 302, location: '/two' })).toEqual({
      method: 'GET',
      url: 'https://a.test/two',
      headers: { Authorization: 'secret' },
      body: '',
    })
    expect(redirectedRequest(post, { status: 308, location: '/two' })).toEqual({
      ...post,
      url: 'https://a.test/two',
    })
  })

  it('takes no header to another host', () => {
    expect(redirectedRequest(post, { status: 307, location: 'https://b.test/' })?.headers).toEqual({
      'User-Agent': 'Overdue',
    })
  })

  it.each(['http://a.test/', 'ftp://a.test/', 'file:///etc/passwd', 'https://['])(
    'does not follow to %s',
    (location) => {
      expect(redirectedRequest(post, { status: 302, location })).toBeUndefined()
    },
  )

  it('goes from http to https', () => {
    expect(
      redirectedRequest(
        { ...post, url: 'http://a.test/' },
        { status: 301, location: 'https://a.test/' },
      )?.url,
    ).toBe('https://a.test/')
  })
})
