import type { IncomingHttpHeaders } from 'node:http'

/** What a server said; of a long body the beginning. */
export type Heard = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export type Asked = {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly timeoutMs: number
  /** How much of an answer is read. */
  readonly mostBytes: number
}

/**
 * Asks once, and follows no redirect. It is not `fetch`, which alone would take longer to load than
 * all the rest of a run. Node's modules are not imported here: an ES module that imports `http`
 * loads WebSockets along.
 * @throws when there is no answer in time
 */
export function ask(url: URL, asked: Asked): Promise<Heard> {
  const { method, headers = {}, body, timeoutMs, mostBytes } = asked
  const { request } =
    url.protocol === 'https:'
      ? process.getBuiltinModule('node:https')
      : process.getBuiltinModule('node:http')
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      method,
      headers: { ...headers, 'Content-Length': body?.length ?? 0, Connection: 'close' },
    })
    const timer = setTimeout(
      () => asking.destroy(new Error(`no answer within ${timeoutMs} ms`)),
      timeoutMs,
    )
    asking.once('close', () => clearTimeout(timer))
    asking.on('error', reject)
    asking.once('response', (response) => {
      const parts: Buffer[] = []
      let bytes = 0
      const end = () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).subarray(0, mostBytes).toString(),
        })
        asking.destroy()
      }
      response.on('data', (part: Buffer) => {
        parts.push(part)
        bytes += part.length
        if (bytes >= mostBytes) end()
      })
      response.once('end', end)
      response.once('error', reject)
    })
    asking.end(body)
  })
}
