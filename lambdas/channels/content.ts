/** A request as the service gets it. */
export type ReceivedRequest = {
  readonly method: string
  /** The whole of it, scheme and host included. */
  readonly url: string
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type ContentAnswer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * What the service of one kind answers a request that it is content with; undefined for a request
 * to somebody else. Only the local stack asks.
 */
export type Content = (request: ReceivedRequest) => ContentAnswer | undefined

/** The same answer for whatever comes to a host. */
export function contentAt(host: RegExp, body: string, status = 200): Content {
  return ({ url }) => (host.test(new URL(url).host) ? { status, body } : undefined)
}
