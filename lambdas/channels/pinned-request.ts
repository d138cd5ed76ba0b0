import { request as requestHttp } from 'node:http'
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

/**
 * Sends one request to a host at these addresses only. The name is not looked up again, so it can't
 * lead elsewhere by now. The connection closes as soon as the head of the answer is there, whatever
 * may follow.
 */
export function sendPinned(
  request: HttpRequest,
  { addresses, signal }: { readonly addresses: readonly Address[]; readonly signal: AbortSignal },
): Promise<AnswerHead> {
  const url = new URL(request.url)
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const { method, headers, body } = request
  return new Promise((resolve, reject) => {
    const connecting = {
      lookup: pinnedTo(addresses),
      autoSelectFamilyAttemptTimeout: addressAttemptMs,
      agent: false,
      signal,
    } as const
    const outgoing = send(url, {
      method,
      headers: withLength(headers, method, body),
      ...connecting,
    })
    outgoing.on('error', reject)
    outgoing.on('response', (answer) => {
      const { location, 'retry-after': retryAfter } = answer.headers
      resolve({ status: answer.statusCode ?? 0, location, retryAfter })
      answer.destroy()
    })
    outgoing.end(body)
  })
}

function withLength(
  headers: Readonly<Record<string, string>>,
  method: string,
  body: string,
): Record<string, string> {
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
