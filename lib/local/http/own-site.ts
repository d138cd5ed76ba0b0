import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a request names this machine as its host. A page from elsewhere can make its own name
 * lead here, but can't change the name in the request.
 */
export function isToThisMachine({ host }: IncomingHttpHeaders): boolean {
  return host === undefined || /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host)
}

/**
 * Whether a request also comes from this machine. A page from elsewhere may send one to the right
 * name, and browsers say which page it was.
 */
export function isOfThisMachine(headers: IncomingHttpHeaders): boolean {
  const { host, origin, 'sec-fetch-site': site } = headers
  return (
    isToThisMachine(headers) &&
    (origin ?? `http://${host}`) === `http://${host}` &&
    /^(same-origin|none)$/.test(site ?? 'none')
  )
}
