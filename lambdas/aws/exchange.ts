import type { Agent, ClientRequest, IncomingHttpHeaders } from 'node:http'
import type { Protocol } from '../runtime/connections.ts'

/**
 * Sends one request and waits for the whole answer. @throws when there is none in time, or not a
 * whole one.
 */
export type Exchange = (outgoing: Outgoing, timeoutMs: number) => Promise<Reply>

export type Outgoing = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Called once it is sent, or can't be. */
  readonly onSent?: () => void
}

export type Reply = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** BatchGetItem, the largest answer there is, ends at 16 MB. */
const LONGEST_ANSWER_BYTES = 20_000_000

export type ExchangeOptions = {
  readonly endpoint: URL
  readonly agents: Readonly<Record<Protocol, Agent>>
  /** How long it may take until there is a connection. */
  readonly connectMs: number
}

/** Exchanges with one host. */
export function makeExchange({ endpoint, agents, connectMs }: ExchangeOptions): Exchange {
  const { hostname, port } = endpoint
  const protocol = endpoint.protocol === 'http:' ? 'http:' : 'https:'
  const agent = agents[protocol]
  const { request } = process.getBuiltinModule(`node:${protocol === 'http:' ? 'http' : 'https'}`)
  return ({ method, path, headers, body, onSent }, timeoutMs) =>
    new Promise((resolve, reject) => {
      const length = Buffer.byteLength(body).toString()
      // As a list, headers are not looked at one by one.
      const list = [...Object.entries(headers).flat(), 'content-length', length]
      const sent = request({ hostname, port, agent, method, path, headers: list, setHost: false })
      const giveUp = (what: string, afterMs: number) => () => {
        reject(new ExchangeError('TimeoutError', `no ${what} within ${afterMs} ms`))
        sent.destroy()
      }
      const timer = setTimeout(giveUp('answer', timeoutMs), timeoutMs)
      whileConnecting(sent, () => setTimeout(giveUp('connection', connectMs), connectMs))
      answerTo(sent)
        .finally(() => clearTimeout(timer))
        .then(resolve, reject)
      sent.end(body, onSent)
    })
}

/**
 * Runs a timer from the request for a connection until it stands, TLS included, or fails. A kept
 * connection needs none.
 */
function whileConnecting(sent: ClientRequest, start: () => NodeJS.Timeout): void {
  sent.once('socket', (socket) => {
    if (!socket.connecting) return
    const timer = start()
    const end = () => clearTimeout(timer)
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', end)
    sent.once('close', end)
  })
}

/** An exchange that broke on its way, or did not end in time. */
class ExchangeError extends Error {
  constructor(name: 'TimeoutError' | 'ConnectionError' | 'AnswerTooLong', message: string) {
    super(message)
    this.name = name
  }
}

function answerTo(sent: ClientRequest): Promise<Reply> {
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
        reject(
          new ExchangeError(
            'AnswerTooLong',
            `the answer is longer than ${LONGEST_ANSWER_BYTES} bytes`,
          ),
        )
        sent.destroy()
      })
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
  })
}
