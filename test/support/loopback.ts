import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** An HTTP server of a test. */
export type Loopback = { readonly url: string; readonly stop: () => Promise<void> }

export type Answerer = (request: IncomingMessage, response: ServerResponse, body: string) => void

export async function listenOnLoopback(answer: Answerer): Promise<Loopback> {
  const server = createServer(
    (request, response) => void text(request).then((body) => answer(request, response, body)),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
