import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { hostOf, isPublicAddress } from '../domain/telling/public-address.ts'
import type { HttpRequest } from '../domain/telling/webhook-request.ts'
import { type Address, type HostAnswer, type RequestTerms, sendPinned } from './pinned-request.ts'

export type HttpSettings = {
  /** All addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly Address[]>
  readonly isPublic: (address: string) => boolean
  /** Sends one request to addresses that were judged. */
  readonly sendTo: (request: HttpRequest, terms: RequestTerms) => Promise<HostAnswer>
  /** For the whole call: names, redirects, answers. */
  readonly timeoutMs: number
}

export const CALL_TIMEOUT_MS = 10_000

/** What a service said. Of a long body, it is the beginning. */
export type Answer = {
  readonly status: number
  readonly body: string
  readonly retryAfterSeconds?: number
}

/** More than any service says of an error. */
const ANSWER_BYTES = 8192
const MOST_REDIRECTS = 3
/** The statuses of redirects. */
export const redirects: readonly number[] = [301, 302, 303, 307, 308]

const internet: HttpSettings = {
  resolve: (host) => lookup(host, { all: true }),
  isPublic: isPublicAddress,
  sendTo: sendPinned,
  timeoutMs: CALL_TIMEOUT_MS,
}

/** Sends HTTP requests, to hosts of the public internet only. */
export class HttpSender {
  readonly #settings: HttpSettings

  constructor(settings: Partial<HttpSettings> = {}) {
    this.#settings = { ...internet, ...settings }
  }

  /**
   * Sends a request, follows its redirects, and says how the last host answered. The body of its
   * answer is not read. @throws when there is no answer.
   */
  async follow(first: HttpRequest, now: number): Promise<Answer | 'forbidden'> {
    const signal = AbortSignal.timeout(this.#settings.timeoutMs)
    let request: HttpRequest = {
      ...first,
      headers: { 'User-Agent': 'Overdue', ...named(first.headers) },
    }
    for (let redirect = 0; ; redirect += 1) {
      const answer = await this.#send(request, { signal, bodyBytes: 0 })
      if (answer === 'forbidden') return 'forbidden'
      const next = redirect < MOST_REDIRECTS ? redirectedRequest(request, answer) : undefined
      if (next === undefined) return answerOf(answer, now)
      request = next
    }
  }

  /**
   * Sends one request as it stands and reads what is said of it. No redirect is followed: what was
   * posted would not arrive. @throws when there is no answer.
   */
  async call(request: HttpRequest, now: number): Promise<Answer | 'forbidden'> {
    const signal = AbortSignal.timeout(this.#settings.timeoutMs)
    const answer = await this.#send(
      { ...request, headers: { 'User-Agent': 'Overdue', ...request.headers } },
      { signal, bodyBytes: ANSWER_BYTES },
    )
    return answer === 'forbidden' ? 'forbidden' : answerOf(answer, now)
  }

  async #send(
    request: HttpRequest,
    terms: Omit<RequestTerms, 'addresses'>,
  ): Promise<HostAnswer | 'forbidden'> {
    const addresses = await this.#addressesOf(new URL(request.url), terms.signal)
    if (addresses === 'forbidden') return 'forbidden'
    return this.#settings.sendTo(request, { ...terms, addresses })
  }

  /** A host with one private address is forbidden, however many public ones it has. */
  async #addressesOf(url: URL, signal: AbortSignal): Promise<readonly Address[] | 'forbidden'> {
    const { resolve, isPublic } = this.#settings
    const host = hostOf(url)
    const addresses =
      isIP(host) === 0
        ? await untilAborted(resolve(host), signal)
        : [{ address: host, family: isIP(host) }]
    return addresses.length > 0 && addresses.every(({ address }) => isPublic(address))
      ? addresses
      : 'forbidden'
  }
}

function answerOf({ status, body, retryAfter }: HostAnswer, now: number): Answer {
  const retryAfterSeconds = secondsUntil(retryAfter, now)
  return { status, body, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
}

/**
 * The delay that `Retry-After` asks for, in seconds or by a date; undefined when it is neither.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
function secondsUntil(retryAfter: string | undefined, now: number): number | undefined {
  if (retryAfter === undefined) return undefined
  if (/^\d{1,10}$/.test(retryAfter)) return Number(retryAfter)
  const at = /^\w{3}, .* GMT$/.test(retryAfter) ? Date.parse(retryAfter) : NaN
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000))
}

/**
 * The request that a redirect asks for. Undefined for a redirect that is not followed: to another
 * protocol, or from TLS to none. Another host gets no headers, because they may hold secrets of the
 * first. As in browsers and curl, a POST becomes a GET unless the status says that it stays a POST.
 * A signature of the body goes where the body goes.
 */
export function redirectedRequest(
  request: HttpRequest,
  { status, location }: Pick<HostAnswer, 'status' | 'location'>,
): HttpRequest | undefined {
  if (!redirects.includes(status) || location === undefined || !URL.canParse(location, request.url))
    return undefined
  const [from, to] = [new URL(request.url), new URL(location, request.url)]
  if (to.protocol !== from.protocol && to.protocol !== 'https:') return undefined
  const headers = to.origin === from.origin ? request.headers : { 'User-Agent': 'Overdue' }
  const keepsMethod =
    status === 307 ||
    status === 308 ||
    request.method === 'GET' ||
    (request.method === 'PUT' && status !== 303)
  return keepsMethod
    ? { ...request, url: to.href, headers }
    : { method: 'GET', url: to.href, headers: withoutContent(headers), body: '' }
}

function withoutContent(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(content-|webhook-signature$)/i.test(name)),
  )
}

/** Names that differ only in case are one header. Ours yields to the channel's own. */
function named(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      /^user-agent$/i.test(name) ? 'User-Agent' : name,
      value,
    ]),
  )
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(new Error('timed out while the host was looked up')),
      { once: true },
    )
  })
  return Promise.race([work, aborted])
}
