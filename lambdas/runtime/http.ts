import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { isIP } from 'node:net'
import { type TrustedFront, VIEWER_HEADER } from './front.ts'

/**
 * Lambda's limit for one answer: status, headers and body as JSON, so a body in Base64 counts 4/3.
 */
export const LONGEST_ANSWER_BYTES = 6 * 1024 * 1024

/** Who sent a request, and how. */
export type Source = { readonly address: string; readonly scheme: 'http' | 'https' }

/**
 * The source as AWS vouches for it, or as the one trusted front tells it: a proxy in its forwarding
 * headers, the distribution in those that it overwrites. Nobody else is believed. X-Forwarded-For
 * says nothing behind the distribution: a function URL keeps its first address, which the sender
 * wrote.
 */
export function sourceOf(event: APIGatewayProxyEventV2, front: TrustedFront | undefined): Source {
  const { headers, requestContext } = event
  const peer = requestContext.http.sourceIp
  if (typeof front === 'object')
    return sourceFrom(peer, headers[VIEWER_HEADER], headers['cloudfront-forwarded-proto'])
  if (front === undefined || peer !== front) return { address: peer, scheme: 'https' }
  return sourceFrom(
    peer,
    forwardedAddress(headers['x-forwarded-for']),
    headers['x-forwarded-proto'],
  )
}

function sourceFrom(peer: string, address = '', scheme?: string): Source {
  return {
    address: isIP(address) === 0 ? peer : address,
    scheme: scheme === 'http' ? 'http' : 'https',
  }
}

function forwardedAddress(header: string | undefined): string {
  const first = header?.split(',')[0]?.trim() ?? ''
  return first.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1').replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
}

/**
 * Scheme and host that a request was sent to. The distribution doesn't pass on its name, and API
 * requests come to it encrypted only.
 */
export function rootOf(event: APIGatewayProxyEventV2, front: TrustedFront | undefined): string {
  if (typeof front === 'object') return `https://${front.domain}`
  return `${sourceOf(event, front).scheme}://${event.requestContext.domainName}`
}

/** The body of a request, however Lambda has encoded it. */
export function bodyOf(event: APIGatewayProxyEventV2): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
}
