import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ReceivedRequest } from '../../../lambdas/channels/played-answer.ts'
import type { VirtualClock } from '../functions/virtual-clock.ts'
import { readBody } from '../http/http-body.ts'
import { patienceMs, playedAnswerTo } from '../overdue.ts'
import type { AnswerOrError, GivenAnswer, GivenAnswers } from './answers.ts'
import type { OutgoingRequests } from './outgoing-requests.ts'

export type InternetDeps = {
  readonly outgoing: OutgoingRequests
  readonly answers: GivenAnswers
  readonly clock: VirtualClock
}

/** The answer to a request, and how long it takes. */
type Played = { readonly answer: AnswerOrError; readonly waitMs: number }

const LONGEST_BODY_BYTES = 1_000_000
const notProxied = { status: 400, body: 'a proxy takes whole URLs' }
const tooLong: Played = { answer: { status: 413, body: 'too long' }, waitMs: 0 }

/**
 * Plays the internet, as a proxy for the functions. It keeps their requests for the control call,
 * and answers as was asked for, or else as the service answers when it takes the request.
 */
export class Internet {
  readonly #deps: InternetDeps
  readonly #stalled = new Map<string, number>()
  /** How many requests there have been. */
  count = 0

  constructor(deps: InternetDeps) {
    this.#deps = deps
  }

  /** How many requests of a function wait for an answer that takes its time. */
  stalledOf(functionName: string): number {
    return this.#stalled.get(functionName) ?? 0
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.count += 1
    const body = await readBody(request, LONGEST_BODY_BYTES)
    if (!/^https?:\/\//.test(request.url ?? '')) {
      reply(response, notProxied)
      return
    }
    const received = receivedRequest(request, body === 'too-long' ? '' : body.toString())
    const { answer, waitMs } = body === 'too-long' ? tooLong : this.#playFor(received)
    const sentAt = new Date(this.#deps.clock.now()).toISOString()
    this.#deps.outgoing.put({ ...received, sentAt, answer })
    await this.#stall(callerOf(request), response, waitMs)
    reply(response, answer)
  }

  #playFor(request: ReceivedRequest): Played {
    const given = this.#deps.answers.meet(request)
    return given === undefined ? { answer: playedAnswerTo(request), waitMs: 0 } : playedBy(given)
  }

  /** Waits on the clock, unless the function has gone meanwhile. */
  async #stall(caller: string, response: ServerResponse, ms: number): Promise<void> {
    if (ms === 0) return
    const { clock } = this.#deps
    this.#stalled.set(caller, this.stalledOf(caller) + 1)
    await new Promise<void>((resolve) => {
      const cancel = clock.at(clock.now() + ms, 'work', resolve)
      response.once('close', () => {
        cancel()
        resolve()
      })
    })
    this.#stalled.set(caller, this.stalledOf(caller) - 1)
  }
}

/** A function that waits longer than it may has no answer, on whatever clock it waits. */
function playedBy({ status = 200, headers, body, error, latencyMs }: GivenAnswer): Played {
  if (error === 'timeout' || latencyMs >= patienceMs)
    return { answer: { error: 'timeout' }, waitMs: patienceMs }
  const answer = error === undefined ? { status, headers, body } : { error }
  return { answer, waitMs: latencyMs }
}

function receivedRequest(
  { method = '', url = '', headers }: IncomingMessage,
  body: string,
): ReceivedRequest {
  const { 'proxy-authorization': _, ...own } = headers
  const texts = Object.entries(own).map(([name, value]) => [name, String(value)])
  return { method, url, headers: Object.fromEntries(texts) as Record<string, string>, body }
}

/** The function whose request it is, by the name that it got from the stack. */
function callerOf({ headers }: IncomingMessage): string {
  const [, credentials = ''] = /^Basic (\S+)$/.exec(headers['proxy-authorization'] ?? '') ?? []
  return atob(credentials).replace(/:$/, '')
}

/** How a proxy says why there is no answer. https://www.rfc-editor.org/rfc/rfc9209 */
const unreached = {
  refused: { status: 502, error: 'connection_refused' },
  timeout: { status: 504, error: 'http_response_timeout' },
} as const

function reply(response: ServerResponse, answer: AnswerOrError): void {
  if (!('error' in answer)) {
    response.writeHead(answer.status, answer.headers).end(answer.body)
  } else if (answer.error === 'reset') {
    response.destroy()
  } else {
    const { status, error } = unreached[answer.error]
    response.writeHead(status, { 'proxy-status': `stack; error=${error}` }).end()
  }
}
