import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { urlToHttpOptions } from 'node:url'
import type { HttpRequest } from '../domain/telling/webhook-request.ts'
import type { HttpSettings } from './http.ts'
import { type Address, answerTo, answerFrom, withLength } from './pinned-request.ts'

/**
 * The internet as the local stack plays it: no host is looked up, and the stack answers for each of
 * them, as a proxy would. Which addresses may be called is decided as in a deployment.
 * @param stackUrl on this machine; its user is the function that asks: `http://deliver@127.0.0.1:1`
 * @throws when it is elsewhere: nothing leaves by a variable that somebody sets in a deployment.
 */
export function localInternet(stackUrl: string): Pick<HttpSettings, 'resolve' | 'sendTo'> {
  if (!/^http:\/\/\w+@127\.0\.0\.1:\d+$/.test(stackUrl))
    throw new Error('LOCAL_INTERNET_URL must be http://<function>@127.0.0.1:<port>')
  const stack = new URL(stackUrl)
  return {
    resolve: playedAddresses,
    async sendTo(request, { signal, bodyBytes }) {
      const outgoing = proxied(request, stack, signal)
      return answerFrom(unlessUnreached(await answerTo(outgoing, request.body)), bodyBytes)
    },
  }
}

/** Nobody connects to it. */
const anywhere = { address: '1.1.1.1', family: 4 }

/** Rejects as a resolver does that does not find the host. */
function playedAddresses(host: string): Promise<readonly Address[]> {
  const isBelow = (domain: string) => `.${host}`.replace(/\.$/, '').endsWith(`.${domain}`)
  if (isBelow('invalid')) return Promise.reject(new Error(`getaddrinfo ENOTFOUND ${host}`))
  if (isBelow('private.test')) return Promise.resolve([{ address: '10.0.0.1', family: 4 }])
  return Promise.resolve([isBelow('localhost') ? { address: '127.0.0.1', family: 4 } : anywhere])
}

/** The request as it is, but to the stack, with the whole URL in its first line. */
function proxied(request: HttpRequest, stack: URL, signal: AbortSignal): ClientRequest {
  const url = new URL(request.url)
  const { auth } = urlToHttpOptions(url)
  url.hash = ''
  return requestHttp({
    hostname: stack.hostname,
    port: stack.port,
    method: request.method,
    path: url.href,
    headers: {
      ...withLength(request),
      Host: url.host,
      'Proxy-Authorization': `Basic ${btoa(`${stack.username}:`)}`,
    },
    ...(auth != null && { auth }),
    agent: false,
    signal,
  })
}

/** The stack says as proxies do why there is no answer. https://www.rfc-editor.org/rfc/rfc9209 */
function unlessUnreached(answer: IncomingMessage): IncomingMessage {
  const [, error] = /^stack; error=(\w+)$/.exec(String(answer.headers['proxy-status'])) ?? []
  if (error === undefined) return answer
  answer.destroy()
  throw new Error(error.replaceAll('_', ' '))
}
