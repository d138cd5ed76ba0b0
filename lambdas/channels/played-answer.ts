/** A request as the service gets it. */
export type ReceivedRequest = {
  readonly method: string
  /** The whole of it, scheme and host included. */
  readonly url: string
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type PlayedAnswer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * What the local stack answers in the place of a kind's service, which takes the request. Undefined
 * for a request to somebody else.
 */
export type AnswerPlayer = (request: ReceivedRequest) => PlayedAnswer | undefined

/** The same answer for whatever comes to a host. */
export function playedAt(host: RegExp, body: string, status = 200): AnswerPlayer {
  return ({ url }) => (host.test(new URL(url).host) ? { status, body } : undefined)
}
