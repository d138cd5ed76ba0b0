import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a request names this machine as its host. A page from elsewhere can point a name of its
 * own here, but not change what is named.
 */
export function isToThisMachine({ host }: IncomingHttpHeaders): boolean {
  return host === undefined || /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host)
}

/**
 * Whether it is this machine that asks, too: a page from elsewhere may send a request here by the
 * right name, and browsers say whose it is.
 */
export function isOfThisMachine(headers: IncomingHttpHeaders): boolean {
  const { host, origin, 'sec-fetch-site': site } = headers
  return (
    isToThisMachine(headers) &&
    (origin ?? `http://${host}`) === `http://${host}` &&
    /^(same-origin|none)$/.test(site ?? 'none')
  )
}
