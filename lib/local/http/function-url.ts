import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Clock } from '../../../lambdas/runtime/clock.ts'
import type { InvocationResult } from '../functions/function-process.ts'
import { readBody } from './http-body.ts'
import type { LocalFunction } from '../functions/local-function.ts'
import { account } from '../template/resources.ts'

/** The largest event that Lambda takes. A body that is encoded as Base64 counts for four thirds. */
const LONGEST_EVENT_BYTES = 6 * 1024 * 1024

/**
 * Plays a function's URL. The request becomes an event of format 2.0, and what the function returns
 * becomes the answer.
 */
export async function serveFunction(
  target: LocalFunction,
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
): Promise<void> {
  const body = await readBody(request, LONGEST_EVENT_BYTES)
  if (target.definition.isPublic !== true) {
    answerPlain(response, 403, '{"Message":"Forbidden"}')
    return
  }
  const event = body === 'too-long' ? undefined : eventOf(request, body, clock.now())
  if (event === undefined || isTooLong(event)) {
    answerPlain(response, 413, '{"Message":"Request Too Long"}')
    return
  }
  const outcome = await target.inTurn(() => target.invoke(event, 'url'))
  if (response.destroyed) return
  writeAnswer(response, outcome)
  target.answered(response.statusCode)
}

export function isTooLong(event: APIGatewayProxyEventV2): boolean {
  return Buffer.byteLength(JSON.stringify(event)) > LONGEST_EVENT_BYTES
}

export function eventOf(
  request: IncomingMessage,
  body: Buffer,
  now: number,
): APIGatewayProxyEventV2 {
  const { cookie, ...headers } = request.headersDistinct
  const url = request.url ?? '/'
  const [rawPath, rawQueryString] = splitAt(url, '?')
  const domainName = request.headers.host ?? ''
  // Unlike in Lambda, text of another charset is encoded as well, so that its bytes arrive.
  const isBase64Encoded = body.length > 0 && !(isText(request.headers) && isUtf8(body))
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: {
      // The local stack is its own trusted front, which says how it was reached.
      'x-forwarded-proto': 'http',
      ...Object.fromEntries(
        Object.entries(headers).map(([name, values]) => [name, values?.join(',') ?? '']),
      ),
    },
    ...(cookie === undefined ? {} : { cookies: cookie.flatMap((line) => line.split(/;\s*/)) }),
    ...queryOf(rawQueryString),
    requestContext: {
      accountId: account,
      apiId: 'local',
      domainName,
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date(now).toUTCString(),
      timeEpoch: now,
    },
    ...(body.length === 0 ? {} : { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  }
}

/**
 * Whether Lambda hands a body over as text. It encodes all others, also forms and bodies without a
 * type.
 */
function isText(headers: IncomingHttpHeaders): boolean {
  return /^(text\/|application\/([^;]*\+)?(json|xml|javascript)\b)/i.test(
    headers['content-type'] ?? '',
  )
}

function queryOf(query: string): Pick<APIGatewayProxyEventV2, 'queryStringParameters'> {
  if (query === '') return {}
  const values = Map.groupBy(new URLSearchParams(query), ([name]) => name)
  return {
    queryStringParameters: Object.fromEntries(
      [...values].map(([name, all]) => [name, all.map(([, value]) => value).join(',')]),
    ),
  }
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

const resultShape = z.object({
  statusCode: z.number().int(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
})

export function writeAnswer(response: ServerResponse, outcome: InvocationResult): void {
  if ('error' in outcome) {
    answerPlain(response, 502, 'Internal Server Error')
    return
  }
  const result: unknown = JSON.parse(outcome.payload)
  const parsed = resultShape.safeParse(result)
  // A result without the shape of a response is taken as the body of one.
  const { statusCode, headers, cookies, body, isBase64Encoded } =
    parsed.data ?? resultShape.parse({ statusCode: 200, body: outcome.payload })
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  response.statusCode = statusCode
  response.setHeader('content-type', 'application/json')
  for (const [name, value] of Object.entries(headers))
    response.setHeader(sentName(name), String(value))
  if (cookies.length > 0) response.setHeader('set-cookie', cookies)
  if (statusCode !== 204 && statusCode !== 304) response.setHeader('content-length', bytes.length)
  response.end(bytes)
}

/** Lambda renames headers that a function may not set: those of the connection and of log-in. */
function sentName(header: string): string {
  return remapped.has(header.toLowerCase()) ? `x-amzn-remapped-${header.toLowerCase()}` : header
}

const remapped = new Set(['connection', 'date', 'server', 'www-authenticate'])

function answerPlain(response: ServerResponse, status: number, body: string): void {
  const type = body.startsWith('{') ? 'application/json' : 'text/plain'
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
