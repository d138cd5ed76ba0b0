import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type HeardPing = {
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export type PingAnswerer = (ping: HeardPing, response: ServerResponse) => void

/** Answers as Healthchecks does. */
export const asHealthchecks: PingAnswerer = (_, response) =>
  response.writeHead(200, { 'Ping-Body-Limit': '10000' }).end('OK')

/** A server that keeps what it is asked, bytes as they are, in the order in which it came. */
export async function servePings(answer: PingAnswerer = asHealthchecks) {
  const pings: HeardPing[] = []
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://here')
      const ping = { path, query, headers: request.headers, body }
      pings.push(ping)
      answer(ping, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    pings,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
