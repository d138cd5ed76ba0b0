import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { HttpRequest } from '../domain/telling/webhook-request.ts'
import { addressAttemptMs } from '../runtime/connections.ts'

export type Address = { readonly address: string; readonly family: number }

/** An answer, with as much of its body as was asked for. */
export type HostAnswer = {
  readonly status: number
  readonly location: string | undefined
  readonly retryAfter: string | undefined
  readonly body: string
}

/** What one request needs beside itself: where it may go, when it is given up, and how much of
 * the answer's body is read. */
export type RequestTerms = {
  readonly addresses: readonly Address[]
  readonly signal: AbortSignal
  readonly bodyBytes: number
}

/**
 * Sends one request to a host at these addresses only. The name is not looked up again, so it can't
 * lead elsewhere by now.
 */
export async function sendPinned(
  request: HttpRequest,
  { addresses, signal, bodyBytes }: RequestTerms,
): Promise<HostAnswer> {
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
  return answerFrom(await answerTo(outgoing, body), bodyBytes)
}

/** A host that takes the connection for another protocol gives no answer, and no error either. */
export function answerTo(outgoing: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.on('response', resolve)
    outgoing.on('close', () => reject(new Error('closed without an answer')))
    outgoing.end(body)
  })
}

/**
 * Reads the beginning of an answer, and closes the connection, whatever may follow. A body that
 * ends early counts as far as it came: the head says what became of the request.
 */
export async function answerFrom(answer: IncomingMessage, bodyBytes: number): Promise<HostAnswer> {
  const { location, 'retry-after': retryAfter } = answer.headers
  const body = await beginningOf(answer, bodyBytes)
  answer.destroy()
  return { status: answer.statusCode ?? 0, location, retryAfter, body }
}

async function beginningOf(answer: IncomingMessage, most: number): Promise<string> {
  const parts: Uint8Array[] = []
  let left = most
  try {
    if (left > 0)
      for await (const part of answer as AsyncIterable<Uint8Array>) {
        parts.push(part.subarray(0, left))
        left -= part.length
        if (left <= 0) break
      }
  } catch {
    // It was cut off, or did not end in time.
  }
  return new TextDecoder().decode(Buffer.concat(parts))
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
