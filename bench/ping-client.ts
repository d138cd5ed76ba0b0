import { HttpConnection } from '../lib/local/http/http-connection.ts'

/** How many pings were answered with each status. */
export type Answers = Readonly<Record<number, number>>

/**
 * Sends pings over connections of its own, with as little processor as can be: it stands for jobs
 * on other machines.
 */
export class PingClient {
  readonly #base: URL
  readonly #connections: readonly HttpConnection[]

  constructor(base: string, connections: number) {
    this.#base = new URL(base)
    this.#connections = Array.from(
      { length: connections },
      () => new HttpConnection(this.#base.hostname, Number(this.#base.port)),
    )
  }

  /** One ping to each check, the next of a connection when its last one is answered. */
  async ping(checks: readonly string[]): Promise<Answers> {
    const left = checks.values()
    const statuses = await Promise.all(
      this.#connections.map((connection) => this.#pingAll(connection, left)),
    )
    return countOf(statuses.flat())
  }

  /**
   * One ping to each check, spread over a time, each over a connection that has had none: there
   * have to be enough.
   */
  async burst(checks: readonly string[], overMs: number): Promise<Answers> {
    const startedAt = performance.now()
    const answers: Promise<number>[] = []
    for (const [index, check] of checks.entries()) {
      const aheadMs = startedAt + (index / checks.length) * overMs - performance.now()
      if (aheadMs > 1) await new Promise((resolve) => setTimeout(resolve, aheadMs))
      const connection = this.#connections[index]
      if (connection === undefined)
        throw new Error(`${checks.length} pings at once take as many connections`)
      answers.push(this.#ping(connection, check))
    }
    return countOf(await Promise.all(answers))
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }

  async #pingAll(
    connection: HttpConnection,
    checks: Iterator<string, undefined>,
  ): Promise<readonly number[]> {
    const statuses: number[] = []
    for (let next = checks.next(); next.done !== true; next = checks.next())
      statuses.push(await this.#ping(connection, next.value))
    return statuses
  }

  async #ping(connection: HttpConnection, check: string): Promise<number> {
    const request = `GET /ping/${check} HTTP/1.1\r\nhost: ${this.#base.host}\r\nuser-agent: curl/8.5.0\r\n\r\n`
    return (await connection.send(Buffer.from(request))).status
  }
}

function countOf(statuses: readonly number[]): Answers {
  const counts: Record<number, number> = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
