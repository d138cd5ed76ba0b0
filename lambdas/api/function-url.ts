import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { bodyOf, sourceOf } from '../runtime/http.ts'

/**
 * A request to a function URL. Hono's adapter does the same, but is to go with its next major version, refuses a GET that has a body,
 * and knows of no front.
 */
export function requestOf(event: APIGatewayProxyEventV2, trustedFront: string | undefined): Request {
  const { http, domainName } = event.requestContext
  const url = `${sourceOf(event, trustedFront).scheme}://${domainName}${event.rawPath}${event.rawQueryString === '' ? '' : `?${event.rawQueryString}`}`
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

/** The answer of a function URL, encoded so that every byte of its body comes through. */
export async function resultOf(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const body = Buffer.from(await response.arrayBuffer())
  const isText = response.headers.get('Content-Type')?.startsWith('application/json') ?? false
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  }
}
