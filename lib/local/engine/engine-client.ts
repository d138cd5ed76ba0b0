import type { HttpAnswer } from '../http/http-answer.ts'
import { HttpConnection } from '../http/http-connection.ts'

/** DynamoDB, whatever plays it. It takes requests of DynamoDB's protocol, and answers by it. */
export type EngineCalls = Pick<EngineClient, 'send' | 'call'>

/** How many calls to the engine go on at once. */
const CONNECTIONS = 64

/** A client of the DynamoDB engine, whose connections stay open. */
export class EngineClient {
  readonly #endpoint: URL
  readonly #signature: string
  readonly #connections = new Set<HttpConnection>()
  readonly #idle: HttpConnection[] = []
  readonly #waiting: ((connection: HttpConnection) => void)[] = []

  /**
   * @param accessKeyId owner of the tables: DynamoDB Local has a database for each owner, unless it
   * is started with `-sharedDb`.
   */
  constructor(endpoint: string, accessKeyId = 'local') {
    this.#endpoint = new URL(endpoint)
    // Engines want a signature, but don't check it.
    const credential = `${accessKeyId}/20200101/us-east-1/dynamodb/aws4_request`
    this.#signature = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=none`
  }

  /** Sends a request as it is. @param target such as `DynamoDB_20120810.GetItem` */
  async send(target: string, body: Buffer | string): Promise<Pick<HttpAnswer, 'status' | 'body'>> {
    const connection = await this.#take()
    try {
      return await connection.send(this.#requestOf(target, body))
    } finally {
      this.#giveBack(connection)
    }
  }

  /** @throws when the engine refuses. */
  async call(target: string, input: object): Promise<unknown> {
    const { status, body } = await this.send(target, JSON.stringify(input))
    if (status !== 200)
      throw new Error(`the DynamoDB engine refused ${target}: ${body.toString().slice(0, 300)}`)
    return JSON.parse(body.toString())
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }

  #requestOf(target: string, body: Buffer | string): Buffer {
    const head = `POST ${this.#endpoint.pathname} HTTP/1.1
host: ${this.#endpoint.host}
content-type: application/x-amz-json-1.0
content-length: ${Buffer.byteLength(body)}
x-amz-target: ${target}
x-amz-date: 20200101T000000Z
authorization: ${this.#signature}

`.replaceAll('\n', '\r\n')
    return Buffer.concat([Buffer.from(head), typeof body === 'string' ? Buffer.from(body) : body])
  }

  #take(): Promise<HttpConnection> | HttpConnection {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isOpen) return idle
      this.#connections.delete(idle)
    }
    return this.#connections.size < CONNECTIONS
      ? this.#open()
      : new Promise((resolve) => this.#waiting.push(resolve))
  }

  #giveBack(connection: HttpConnection): void {
    if (!connection.isOpen) this.#connections.delete(connection)
    const next = this.#waiting.shift()
    if (next !== undefined) next(connection.isOpen ? connection : this.#open())
    else if (connection.isOpen) this.#idle.push(connection)
  }

  #open(): HttpConnection {
    const connection = new HttpConnection(
      this.#endpoint.hostname,
      Number(this.#endpoint.port || '80'),
    )
    this.#connections.add(connection)
    return connection
  }
}
