import { createHash, createHmac } from 'node:crypto'
import type { Agent, request } from 'node:http'

/**
 * Where a service of AWS is, whose credentials are used, and by which of Node's modules it is
 * asked.
 */
export type Target = {
  readonly endpoint: URL
  readonly service: string
  readonly request: typeof request
  readonly agent: Agent
  readonly credentials: { readonly id: string; readonly secret: string; readonly token: string }
}

/**
 * The floor of a call to AWS: one request, signed by hand, that knows no errors. @param operation
 * as the header names it
 */
export function callBare(target: Target, operation: string, input: object): Promise<object> {
  const body = JSON.stringify(input)
  const { endpoint, request, agent } = target
  return new Promise((resolve, reject) => {
    const sent = request(
      endpoint,
      { method: 'POST', agent, headers: signed(target, operation, body) },
      (incoming) => {
        let text = ''
        incoming.on('data', (chunk: Buffer) => (text += chunk.toString()))
        incoming.on('end', () => resolve(JSON.parse(text) as object))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

function signed(
  { endpoint, service, credentials }: Target,
  operation: string,
  body: string,
): Record<string, string> {
  const at = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '')
  const scope = `${at.slice(0, 8)}/us-east-1/${service}/aws4_request`
  const headers: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.0',
    host: endpoint.host,
    'x-amz-date': at,
    'x-amz-security-token': credentials.token,
    'x-amz-target': operation,
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonical = `POST\n${endpoint.pathname}\n\n${lines.join('')}\n${names}\n${hashOf(body)}`
  const key = scope
    .split('/')
    .reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${credentials.secret}`)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${at}\n${scope}\n${hashOf(canonical)}`).toString(
    'hex',
  )
  const credential = `Credential=${credentials.id}/${scope}`
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
