import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, serveAws } from '../../../../lib/local/http/serve.ts'
import { listen, type Listener } from '../../../../lib/local/http/listen.ts'

let one: Listener
let aws: Listener
const report = () => undefined
beforeAll(async () => {
  one = await listen(0, (incoming, response) => serve({}, incoming, response), report)
  aws = await listen(
    0,
    (incoming, response) => serveAws({}, { request: incoming, response, path: '/' }),
    report,
  )
})
afterAll(() => Promise.all([one.close(), aws.close()]))

type Headers = Readonly<Record<string, string>>

/**
 * What is answered to who may not ask is 400; to others, by a stack that has nothing behind its
 * port yet, 503.
 */
function statusOf(
  { port }: Listener,
  path: string,
  headers: (own: string) => Headers,
): Promise<number | undefined> {
  const method = path.endsWith('ready') ? 'GET' : 'POST'
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers: headers(`127.0.0.1:${port}`) },
      (response) => response.resume().on('end', () => resolve(response.statusCode)),
    )
    sent.on('error', reject).end()
  })
}

const calls = [
  ['a control call', () => one, '/_local/ready'],
  ['another', () => one, '/_local/clock'],
  ['the sign-in of the owner', () => one, '/_local/sign-in'],
  ['AWS behind the one port', () => one, '/_local/aws/'],
  ['AWS as functions have it', () => aws, '/'],
] as const

describe.each(calls)('%s', (_, listener, path) => {
  it.each<[who: string, headers: (own: string) => Headers]>([
    ['by a name that was pointed here', () => ({ host: 'rebound.example.com' })],
    ['by a name that begins like this machine', () => ({ host: 'localhost.example.com' })],
    ['from a page of elsewhere', () => ({ origin: 'https://example.com' })],
    ['from a page of another port', () => ({ origin: 'http://127.0.0.1:1' })],
    ['from a page without an origin', () => ({ origin: 'null' })],
    ['from an element of a page of elsewhere', () => ({ 'sec-fetch-site': 'cross-site' })],
  ])('is refused %s', async (_, headers) => {
    expect(await statusOf(listener(), path, headers)).toBe(400)
  })

  it.each<[who: string, headers: (own: string) => Headers]>([
    ['a command', () => ({})],
    ['a person who typed the address', () => ({ 'sec-fetch-site': 'none' })],
    ['its own page', (own) => ({ origin: `http://${own}`, 'sec-fetch-site': 'same-origin' })],
    [
      'its own page by another of its names',
      () => ({ host: 'localhost:7', origin: 'http://localhost:7' }),
    ],
  ])('is taken from %s', async (_, headers) => {
    expect(await statusOf(listener(), path, headers)).toBe(503)
  })
})
