import { connect, type Socket } from 'node:net'
import { type HttpAnswer, readAnswer } from './http-answer.ts'

type Pending = { resolve(answer: HttpAnswer): void; reject(error: Error): void }

/**
 * A connection to an HTTP server, kept for one request after another. It knows only the HTTP that
 * the DynamoDB engine and the local stack answer with: the client of node:http takes four times the
 * CPU time.
 */
export class HttpConnection {
  readonly #socket: Socket
  #pending: Pending | undefined
  #chunks: Buffer[] = []
  #received = 0
  #wanted = 0
  /** Whether it takes another call. */
  isOpen = true

  constructor(hostname: string, port: number) {
    this.#socket = connect(port, hostname).setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  /** @param request head and body */
  send(request: Buffer): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.isOpen = false
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#received += chunk.length
    if (this.#received < this.#wanted) return
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const answer = readAnswer(bytes)
    if (typeof answer === 'number') {
      this.#chunks = [bytes]
      this.#wanted = answer
      return
    }
    this.#chunks = []
    this.#received = this.#wanted = 0
    if (!answer.keepsAlive) this.close()
    this.#pending?.resolve(answer)
    this.#pending = undefined
  }

  #fail(error: Error): void {
    this.isOpen = false
    this.#pending?.reject(error)
    this.#pending = undefined
  }
}
