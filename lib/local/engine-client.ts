import { Agent, request } from 'node:http'

export type EngineAnswer = { readonly status: number; readonly body: Buffer }

/** As many calls to the engine go on at once. */
const CONNECTIONS = 64

/** Engines look for the shape of a signature, not at its worth. */
const signature = 'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none'

/** Speaks to the DynamoDB engine, over connections that stay open. */
export class EngineClient {
  readonly #endpoint: URL
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

  constructor(endpoint: string) {
    this.#endpoint = new URL(endpoint)
  }

  /** Sends a request as it is. @param target such as `DynamoDB_20120810.GetItem` */
  send(target: string, body: Buffer | string): Promise<EngineAnswer> {
    const { hostname, port } = this.#endpoint
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amz-target': target,
        'x-amz-date': '20200101T000000Z',
        authorization: signature,
      }
      const sent = request({ method: 'POST', hostname, port, headers, agent: this.#agent }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 500, body: Buffer.concat(chunks) }))
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  /** @throws when the engine refuses. */
  async call(target: string, input: object): Promise<unknown> {
    const { status, body } = await this.send(target, JSON.stringify(input))
    if (status !== 200) throw new Error(`the DynamoDB engine refused ${target}: ${body.toString().slice(0, 300)}`)
    return JSON.parse(body.toString())
  }

  close(): void {
    this.#agent.destroy()
  }
}
