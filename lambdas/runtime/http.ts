import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { isIP } from 'node:net'

/** Who sent a request, and how. */
export type Source = { readonly address: string; readonly scheme: 'http' | 'https' }

/**
 * The source as AWS vouches for it; or as the one trusted front tells it in its forwarding headers. Whatever anybody else writes into
 * those headers is not believed.
 */
export function sourceOf(event: APIGatewayProxyEventV2, trustedFront: string | undefined): Source {
  const peer = event.requestContext.http.sourceIp
  if (trustedFront === undefined || peer !== trustedFront) return { address: peer, scheme: 'https' }
  const scheme = event.headers['x-forwarded-proto'] === 'http' ? 'http' : 'https'
  return { address: forwardedAddress(event.headers['x-forwarded-for']) ?? peer, scheme }
}

function forwardedAddress(header: string | undefined): string | undefined {
  const first = header?.split(',')[0]?.trim() ?? ''
  const address = first.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1').replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
  return isIP(address) === 0 ? undefined : address
}

/** The body of a request, however Lambda has encoded it. */
export function bodyOf(event: APIGatewayProxyEventV2): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
}
