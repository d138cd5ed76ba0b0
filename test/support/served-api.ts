import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChannelOutcome } from '../../lambdas/domain/telling/delivery-progress.ts'
import { makeTestApi } from './api.ts'
import { listenOnLoopback, type Loopback } from './loopback.ts'

type TestApi = Awaited<ReturnType<typeof makeTestApi>>

/** The management API over HTTP. */
export type ServedApi = Loopback & {
  /** What comes of deliveries from now on; nothing does when left out. */
  deliverTo(outcome?: Omit<ChannelOutcome, 'at'>): void
  /** Bodies of the requests so far, by method and path. */
  readonly requests: readonly (readonly [string, string])[]
}

/** The same over fresh tables, and a folder for what a command reads and writes. */
export async function makeServedApi() {
  const api = await makeTestApi()
  const served = await serveApi(api)
  const folder = mkdtempSync(join(tmpdir(), 'overdue-test-'))
  const stop = async () => {
    await served.stop()
    await api.stop()
    rmSync(folder, { recursive: true })
  }
  return { api, served, folder, stop }
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
  const answer = async (request: IncomingMessage, response: ServerResponse, body: string) => {
    const { method = '', url = '', headers } = request
    const raw = Buffer.from(body)
    requests.push([`${method} ${url}`, body])
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
  const { url, stop } = await listenOnLoopback((...asked) => void answer(...asked))
  return { url, deliverTo: (wanted) => void (outcome = wanted), requests, stop }
}
