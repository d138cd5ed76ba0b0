import type { ClientRequest, IncomingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:https'

/** Sends one request and waits for the whole answer. @throws when there is none in time, or not a whole one. */
export type Exchange = (outgoing: Outgoing, timeoutMs: number) => Promise<Answer>

export type Outgoing = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Called once it is sent, or can't be. */
  readonly onSent?: () => void
}

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

/** BatchGetItem, the largest answer there is, ends at 16 MB. */
const LONGEST_ANSWER_BYTES = 20_000_000

/** Exchanges with one host, on connections that are kept unless they are needed seldom: setting one up takes more time than a call. */
export function makeExchange(endpoint: URL, keepAlive = true): Exchange {
  const open = endpoint.protocol === 'http:' ? openPlain(keepAlive) : { request, agent: new Agent({ keepAlive }) }
  const { hostname, port } = endpoint
  return ({ method, path, headers, body, onSent }, timeoutMs) =>
    new Promise((resolve, reject) => {
      const length = Buffer.byteLength(body).toString()
      // As a list, headers are not looked at one by one.
      const list = [...Object.entries(headers).flat(), 'content-length', length]
      const sent = open.request({ hostname, port, agent: open.agent, method, path, headers: list, setHost: false })
      // All of an attempt, connecting included: a connection that died while the function was frozen never answers.
      const timer = setTimeout(() => {
        reject(new ExchangeError('TimeoutError', `no answer within ${timeoutMs} ms`))
        sent.destroy()
      }, timeoutMs)
      answerTo(sent)
        .finally(() => clearTimeout(timer))
        .then(resolve, reject)
      sent.end(body, onSent)
    })
}

/** Loopback endpoints speak no TLS. Not imported: as an ES module it loads what a ping never needs, and takes as long as all the rest. */
function openPlain(keepAlive: boolean) {
  const http = process.getBuiltinModule('node:http')
  return { request: http.request, agent: new http.Agent({ keepAlive }) }
}

/** An exchange that went wrong on its way, or did not come to an end. */
class ExchangeError extends Error {
  constructor(name: 'TimeoutError' | 'ConnectionError' | 'AnswerTooLong', message: string) {
    super(message)
    this.name = name
  }
}

function answerTo(sent: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = ({ message }: Error) => reject(new ExchangeError('ConnectionError', message))
    sent.on('error', fail)
    sent.on('response', (incoming) => {
      // A connection that ends inside an answer is an error here.
      incoming.on('error', fail)
      const chunks: Buffer[] = []
      let bytes = 0
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes <= LONGEST_ANSWER_BYTES) return
        reject(new ExchangeError('AnswerTooLong', `the answer is longer than ${LONGEST_ANSWER_BYTES} bytes`))
        sent.destroy()
      })
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(chunks).toString() }),
      )
    })
  })
}
