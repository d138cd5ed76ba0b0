import type { IncomingMessage } from 'node:http'
import { type Loopback, listenOnLoopback } from './loopback.ts'

/** What decides what a service of AWS does. */
export type NotedRequest = {
  readonly method: string | undefined
  readonly url: string | undefined
  /** Region and service that it is signed for. */
  readonly scope: string | undefined
  readonly target: string | string[] | undefined
  readonly type: string | undefined
  readonly body: unknown
}

export type NotingService = Loopback & { readonly asked: readonly NotedRequest[] }

/** A service of AWS that notes what it is asked, and has one answer. */
export async function listenAndNote(
  answer: string,
  { status = 200, headers = {} }: NotingOptions = {},
): Promise<NotingService> {
  const asked: NotedRequest[] = []
  const loopback = await listenOnLoopback((request, response, body) => {
    asked.push(noted(request, body))
    response.writeHead(status, headers).end(answer)
  })
  return { ...loopback, asked }
}

type NotingOptions = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

function noted({ method, url, headers }: IncomingMessage, body: string): NotedRequest {
  return {
    method,
    url,
    scope: /Credential=[^/]+\/\d+\/([^,]+)/.exec(headers.authorization ?? '')?.[1],
    target: headers['x-amz-target'],
    type: headers['content-type'],
    body: JSON.parse(body) as unknown,
  }
}
