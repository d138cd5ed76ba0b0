import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { gzipSync } from 'node:zlib'
import type { Front } from '../runtime/front.ts'
import { bodyOf, rootOf } from '../runtime/http.ts'

/**
 * A request to a function URL. Hono's adapter does the same, but is to go with its next major version, refuses a GET that has a body,
 * and knows of no front.
 */
export function requestOf(event: APIGatewayProxyEventV2, trustedFront: Front | undefined): Request {
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

/** No `Request` can be made of TRACE and its like: they are refused as PATCH is, which no resource has. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** A header that no `Request` takes is left out: the API reads none that is not plain ASCII. */
function isReadable(header: [string, string | undefined]): header is [string, string] {
  return /^[\t\x20-\x7e]*$/.test(header[1] ?? '\0')
}

/** The answer to whoever does not come through the distribution. */
export const refusal: APIGatewayProxyStructuredResultV2 = {
  statusCode: 403,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: '{"error":"forbidden"}',
}

/** Lambda answers with 6 MB at most, which is some 5000 checks: long lists go out compressed to whoever takes that. */
const COMPRESSED_FROM_BYTES = 50_000

/** The answer of a function URL, encoded so that every byte of its body comes through. */
export async function resultOf(request: Request, response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const body = Buffer.from(await response.arrayBuffer())
  const headers = Object.fromEntries(response.headers)
  if (body.length >= COMPRESSED_FROM_BYTES && takesGzip(request)) {
    const further = { 'content-encoding': 'gzip', vary: 'Accept-Encoding' }
    return encoded(response.status, { ...headers, ...further }, gzipSync(body).toString('base64'))
  }
  const isText = headers['content-type'] === 'application/json'
  return isText
    ? { statusCode: response.status, headers, body: body.toString() }
    : encoded(response.status, headers, body.toString('base64'))
}

function takesGzip(request: Request): boolean {
  return /(^|,)\s*gzip\s*(,|$)/.test(request.headers.get('Accept-Encoding') ?? '')
}

function encoded(statusCode: number, headers: Record<string, string>, body: string): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers, body, isBase64Encoded: true }
}
