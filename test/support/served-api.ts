import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { ChannelOutcome } from '../../lambdas/domain/telling/delivery-progress.ts'
import type { makeTestApi } from './api.ts'

type TestApi = Awaited<ReturnType<typeof makeTestApi>>

/** The management API over HTTP. */
export type ServedApi = {
  /** Without a slash at its end. */
  readonly url: string
  /** What comes of deliveries from now on; nothing does when left out. */
  deliverTo(outcome?: Omit<ChannelOutcome, 'at'>): void
  /** Bodies of the requests so far, by method and path. */
  readonly requests: readonly (readonly [string, string])[]
  stop(): Promise<void>
}

export async function serveApi(api: TestApi): Promise<ServedApi> {
  let outcome: Omit<ChannelOutcome, 'at'> | undefined
  const requests: [string, string][] = []
  const call = api.makeCall({
    notices: {
      async send(notices) {
        await api.notices.send(notices)
        for (const { channel } of outcome === undefined ? [] : notices)
          await api.deliveries.noteOutcome(channel.id, {
            state: 'sent',
            error: '',
            ...outcome,
            at: api.time.now,
          })
      },
    },
  })
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request
    const raw = await buffer(request)
    requests.push([`${method} ${url}`, raw.toString()])
    const key = headers['x-api-key']
    const {
      status,
      headers: answered,
      bytes,
    } = await call(method, url, {
      ...(typeof key === 'string' && { key }),
      ...(raw.length > 0 && { raw }),
    })
    response.writeHead(status, answered).end(bytes)
  }
  const { url, stop } = await listen((request, response) => void answer(request, response))
  return { url, deliverTo: (wanted) => void (outcome = wanted), requests, stop }
}

/** A server on this machine. */
export async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Pick<ServedApi, 'url' | 'stop'>> {
  const server = createServer(answer)
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
