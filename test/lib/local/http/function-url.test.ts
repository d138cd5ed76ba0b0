import { createServer, request, type Server } from 'node:http'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeAnswer, eventOf, isTooLong } from '../../../../lib/local/http/function-url.ts'
import { readBody } from '../../../../lib/local/http/http-body.ts'
import { aRequest } from '../../../support/requests.ts'

let server: Server
let event: APIGatewayProxyEventV2
beforeAll(async () => {
  server = createServer((incoming, response) => {
    void readBody(incoming, 100).then((body) => {
      if (body !== 'too-long') event = eventOf(incoming, body, 1000)
      response.statusCode = body === 'too-long' ? 413 : 200
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

function send(
  path: string,
  headers: Readonly<Record<string, string | string[]>> = {},
  body?: string,
): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method: body === undefined ? 'GET' : 'POST', headers },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      },
    )
    sent.on('error', reject).end(body)
  })
}

describe('the answer of a function', () => {
  it.each(['WWW-Authenticate', 'Date', 'Server', 'Connection'])(
    'has its %s under another name',
    async (name) => {
      const answering = createServer((_, response) => {
        writeAnswer(response, {
          payload: JSON.stringify({ statusCode: 401, headers: { [name]: 'x', 'X-Own': 'y' } }),
        })
      }).listen(0, '127.0.0.1')
      await once(answering, 'listening')

      const { headers } = await fetch(
        `http://127.0.0.1:${(answering.address() as AddressInfo).port}`,
      )
      answering.close()

      expect([headers.get(`x-amzn-remapped-${name}`), headers.get('x-own')]).toEqual(['x', 'y'])
      expect(headers.get(name)).not.toBe('x')
    },
  )
})

describe('the event of a request to a function', () => {
  it('has the path and the query as they came', async () => {
    await send('//a/%2e%2E/../b?x=1&x=%20&y')

    expect(event).toMatchObject({
      rawPath: '//a/%2e%2E/../b',
      rawQueryString: 'x=1&x=%20&y',
      queryStringParameters: { x: '1, ', y: '' },
    })
  })

  it('has its headers in lower case, each once, and cookies apart', async () => {
    await send('/', { 'X-One': ['a', 'b'], Cookie: 'c=1; d=2' })

    expect(event.headers).toMatchObject({ 'x-one': 'a,b' })
    expect(event.headers).not.toHaveProperty('cookie')
    expect(event.cookies).toEqual(['c=1', 'd=2'])
  })

  it('comes from the trusted front, which tells who sent it and how', async () => {
    await send('/', { 'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'https' })
    expect(event.headers).toMatchObject({
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-proto': 'https',
    })
    await send('/')

    expect(event.headers['x-forwarded-proto']).toBe('http')
    expect(event.requestContext.http.sourceIp).toBe('127.0.0.1')
  })

  it.each([
    ['text/plain; charset=utf-8', false],
    ['application/json', false],
    ['application/problem+json', false],
    ['application/xml', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['multipart/form-data; boundary=x', true],
    ['', true],
  ])('has a body of type %s encoded: %s', async (type, expected) => {
    await send('/', type === '' ? {} : { 'Content-Type': type }, 'hällo')

    expect(event.isBase64Encoded).toBe(expected)
    expect(Buffer.from(event.body ?? '', expected ? 'base64' : 'utf8').toString()).toBe('hällo')
  })

  it('has the path, the query, the headers and the body byte for byte', async () => {
    const { port } = server.address() as AddressInfo
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 90 }).map((some) => Buffer.from(some))
    const inHeader = bytes.map((some) => some.filter((byte) => byte > 0x20 && byte !== 0x7f))
    // Node refuses bytes that are not ASCII in a path: clients write them as their codes.
    const inPath = inHeader.map((some) =>
      Buffer.from(some.filter((byte) => byte < 0x7f))
        .toString()
        .replaceAll(/[?#]/g, '%80'),
    )
    const types = fc.constantFrom('text/plain', 'x/y')
    await fc.assert(
      fc.asyncProperty(
        inPath,
        inPath,
        inHeader,
        bytes,
        types,
        async (path, query, header, body, type) => {
          const head = `POST /${path}?q=${query} HTTP/1.1\r\nhost: x\r\nx-header: `
          const rest = `\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`
          await exchange(port, Buffer.concat([Buffer.from(head), header, Buffer.from(rest), body]))

          expect([event.rawPath, event.rawQueryString]).toEqual([`/${path}`, `q=${query}`])
          expect(Buffer.from(event.headers['x-header'] ?? '', 'latin1')).toEqual(
            Buffer.from(header),
          )
          expect(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')).toEqual(
            body,
          )
        },
      ),
    )
  })

  it('has parameters by any name', async () => {
    await send('/?constructor=a&constructor=b&__proto__=c')

    expect(Object.entries(event.queryStringParameters ?? {})).toEqual([
      ['constructor', 'a,b'],
      ['__proto__', 'c'],
    ])
  })

  it('has no body when the request has none', async () => {
    await send('/')

    expect([event.body, event.isBase64Encoded]).toEqual([undefined, false])
  })
})

async function exchange(port: number, bytes: Buffer): Promise<void> {
  const socket = connect(port, '127.0.0.1').resume()
  socket.write(bytes)
  await once(socket, 'close')
}

describe('an event', () => {
  it.each([
    [4_000_000, 'encoded', false],
    [4_800_000, 'encoded', true],
    [6_000_000, 'as text', false],
    [6_300_000, 'as text', true],
  ])('with a body of %d bytes %s is too long: %s', (bytes, how, expected) => {
    const isBase64Encoded = how === 'encoded'
    const body = Buffer.alloc(bytes, 'x').toString(isBase64Encoded ? 'base64' : 'utf8')

    expect(isTooLong(aRequest({ method: 'POST', body, isBase64Encoded }))).toBe(expected)
  })
})

describe('a body that is too long', () => {
  it('is read to its end, so that its sender gets the answer', async () => {
    expect(await send('/', {}, 'x'.repeat(5_000_000))).toBe(413)
  })
})
