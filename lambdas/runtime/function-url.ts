import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { gzipSync } from 'node:zlib'
import type { TrustedFront } from './front.ts'
import { bodyOf, LONGEST_ANSWER_BYTES, rootOf } from './http.ts'
import type { Coding } from './content-coding.ts'

/**
 * A request to a function URL. Hono's adapter does the same, but is to go with its next major
 * version, refuses a GET that has a body, and knows of no front.
 */
export function requestOf(
  event: APIGatewayProxyEventV2,
  trustedFront: TrustedFront | undefined,
): Request {
  const { http } = event.requestContext
  // In a path that was decoded on its way, these two are part of a name.
  const path = event.rawPath.replace(/[?#]/g, encodeURIComponent)
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`
  const url = `${rootOf(event, trustedFront)}${path}${query}`
  const headers = new Headers(Object.entries(event.headers).filter(isReadable))
  const method = methods.has(http.method) ? http.method : 'PATCH'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  return new Request(url, { method, headers, ...(hasBody ? { body: bodyOf(event) } : {}) })
}

/**
 * No `Request` can be made of TRACE and its like: they are refused as PATCH is, which no resource
 * has.
 */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** A header that no `Request` takes is left out: the API reads none that is not plain ASCII. */
function isReadable(header: [string, string | undefined]): header is [string, string] {
  return /^[\t\x20-\x7e]*$/.test(header[1] ?? '\0')
}

/** The answer to whoever does not come through the distribution. */
export const refusal = refusalOf(403, 'forbidden')

/**
 * The answer to whoever takes neither gzip nor what is not compressed: said before anything is
 * done.
 */
export const notAcceptable = refusalOf(406, 'Accept-Encoding must allow gzip or identity')

function refusalOf(statusCode: number, error: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({ error }),
  }
}

/** From here on compressing an answer of the API is worth its time. */
const COMPRESSED_FROM_BYTES = 50_000

/**
 * The answer of a function URL, encoded so that every byte of its body comes through. Long bodies
 * go out compressed to whoever takes that, short ones as they are. What Lambda would not send, as
 * it is some 5000 checks, is refused with the way out.
 */
export async function resultOf(
  codings: readonly Coding[],
  response: Response,
  compressedFromBytes = COMPRESSED_FROM_BYTES,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { status } = response
  const body = Buffer.from(await response.arrayBuffer())
  const headers = Object.fromEntries(response.headers)
  if (body.length < compressedFromBytes && codings.includes('identity'))
    return asItIs(status, headers, body)
  const varying = { ...headers, vary: 'Accept-Encoding' }
  for (const coding of codings) {
    const result = (coding === 'gzip' ? compressed : asItIs)(status, varying, body)
    if (isSent(result)) return result
  }
  const way = codings.includes('gzip') ? '' : 'take gzip by Accept-Encoding, or '
  const error = `the answer is too large, ${body.length} bytes: ${way}ask for fewer checks by tag or slug`
  return asItIs(
    406,
    { ...varying, 'content-type': 'application/json' },
    Buffer.from(JSON.stringify({ error })),
  )
}

function isSent(result: APIGatewayProxyStructuredResultV2): boolean {
  return Buffer.byteLength(JSON.stringify(result)) <= LONGEST_ANSWER_BYTES
}

type Headers = Readonly<Record<string, string>>

function asItIs(
  statusCode: number,
  headers: Headers,
  body: Buffer,
): APIGatewayProxyStructuredResultV2 {
  const isText = headers['content-type'] === 'application/json'
  return isText
    ? { statusCode, headers, body: body.toString() }
    : encoded(statusCode, headers, body)
}

function compressed(
  statusCode: number,
  headers: Headers,
  body: Buffer,
): APIGatewayProxyStructuredResultV2 {
  return encoded(statusCode, { ...headers, 'content-encoding': 'gzip' }, gzipSync(body))
}

function encoded(
  statusCode: number,
  headers: Headers,
  body: Buffer,
): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers, body: body.toString('base64'), isBase64Encoded: true }
}
