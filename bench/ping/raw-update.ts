import { createHash, createHmac } from 'node:crypto'
import { Agent, request } from 'node:https'
import { update } from './update.ts'

const { AWS_ENDPOINT_URL_DYNAMODB = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = process.env
const endpoint = new URL(AWS_ENDPOINT_URL_DYNAMODB)
const agent = new Agent({ keepAlive: true })
const service = 'us-east-1/dynamodb/aws4_request'

/** The floor: one request, signed by hand, for one purpose, that knows no errors. */
export function handler(): Promise<object> {
  const body = JSON.stringify(update)
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { method: 'POST', agent, headers: signed(body) }, (incoming) => {
      let text = ''
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()))
      incoming.on('end', () => resolve(JSON.parse(text) as object))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function signed(body: string): Record<string, string> {
  const at = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '')
  const scope = `${at.slice(0, 8)}/${service}`
  const headers: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.0',
    host: endpoint.host,
    'x-amz-date': at,
    'x-amz-security-token': AWS_SESSION_TOKEN,
    'x-amz-target': 'DynamoDB_20120810.UpdateItem',
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonical = `POST\n/\n\n${lines.join('')}\n${names}\n${hashOf(body)}`
  const key = [...scope.split('/')].reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${AWS_SECRET_ACCESS_KEY}`)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${at}\n${scope}\n${hashOf(canonical)}`).toString('hex')
  const credential = `Credential=${AWS_ACCESS_KEY_ID}/${scope}`
  return { ...headers, authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}` }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
