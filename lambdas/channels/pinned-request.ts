import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { HttpRequest } from '../domain/telling/webhook-request.ts'
import { addressAttemptMs } from '../runtime/connections.ts'

export type Address = { readonly address: string; readonly family: number }

/** The head of an answer. Nobody here needs its body. */
export type AnswerHead = {
  readonly status: number
  readonly location: string | undefined
  readonly retryAfter: string | undefined
}

/** What one request needs beside itself: where it may go, and when it is given up. */
export type RequestTerms = {
  readonly addresses: readonly Address[]
  readonly signal: AbortSignal
}

/**
 * Sends one request to a host at these addresses only. The name is not looked up again, so it can't
 * lead elsewhere by now.
 */
export async function sendPinned(
  request: HttpRequest,
  { addresses, signal }: RequestTerms,
): Promise<AnswerHead> {
  const url = new URL(request.url)
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const connecting = {
    lookup: pinnedTo(addresses),
    autoSelectFamilyAttemptTimeout: addressAttemptMs,
    agent: false,
    signal,
  } as const
  const { method, body } = request
  const outgoing = send(url, { method, headers: withLength(request), ...connecting })
  return headOf(await answerTo(outgoing, body))
}

export function answerTo(outgoing: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.on('response', resolve)
    outgoing.end(body)
  })
}

/** Closes the connection, whatever may follow. */
export function headOf(answer: IncomingMessage): AnswerHead {
  const { location, 'retry-after': retryAfter } = answer.headers
  answer.destroy()
  return { status: answer.statusCode ?? 0, location, retryAfter }
}

export function withLength({ headers, method, body }: HttpRequest): Record<string, string> {
  return method === 'GET'
    ? { ...headers }
    : { ...headers, 'Content-Length': Buffer.byteLength(body).toString() }
}

function pinnedTo(addresses: readonly Address[]): LookupFunction {
  return (_host, { all }, answer) => {
    if (all === true) answer(null, [...addresses])
    else answer(null, addresses[0]?.address ?? '', addresses[0]?.family)
  }
}
