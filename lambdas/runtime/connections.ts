import type { Agent, AgentOptions, ClientRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import { clock } from './clock.ts'

/** The protocol of a URL. */
export type Protocol = 'http:' | 'https:'

/**
 * How long one address of a host may take to connect before another is tried. Node's 250 ms are too
 * short for a far host, and a function outside a VPC has no IPv6 address to try next.
 */
export const addressAttemptMs = 3000

/**
 * Longer than a function rests between its calls, and shorter than anybody keeps an unused
 * connection.
 */
const LONGEST_IDLE_MS = 30_000

/** As many at once as the SDK opens. */
const MOST_CONNECTIONS = 50

/**
 * Whether the other family of addresses is tried. AWS has none, and a trial would end after 250 ms.
 * This machine, without TLS, has both.
 */
const optionsOf = (protocol: Protocol) => ({
  autoSelectFamily: protocol === 'http:',
  maxSockets: MOST_CONNECTIONS,
})

/**
 * Connections to AWS, kept for the next call. A frozen function does not hear that the other end
 * hangs up, or that a router forgets the connection. So a connection that was idle for long is
 * dropped before use; once one turns out dead, all that are idle are dropped.
 */
export function makeAgent(protocol: Protocol): Agent {
  const Cautious = cautious(baseOf(protocol) as unknown as Pool)
  return new Cautious({ ...optionsOf(protocol), keepAlive: true }) as unknown as Agent
}

/**
 * Connections for one call each. A call that must not be made twice has no second try when a kept
 * connection is dead.
 */
export function makeFreshAgent(protocol: Protocol): Agent {
  const Base = baseOf(protocol)
  return new Base({ ...optionsOf(protocol), keepAlive: false })
}

/**
 * Node's modules are not imported: in an ES module an import loads what a ping never needs, and
 * takes as long as all the rest.
 */
function baseOf(protocol: Protocol): typeof Agent {
  return process.getBuiltinModule(protocol === 'http:' ? 'node:http' : 'node:https').Agent
}

/** The part of Node's agent that is changed here, which its types lack. */
type Pool = new (options: AgentOptions) => {
  readonly freeSockets: Agent['freeSockets']
  addRequest(request: ClientRequest, options: object): void
  reuseSocket(connection: Duplex, request: ClientRequest): void
  keepSocketAlive(connection: Duplex): boolean
}

function cautious(Base: Pool): Pool {
  return class extends Base {
    readonly #idleSince = new WeakMap<Duplex, number>()
    /** Sockets that were idle before their call, and have not been heard of since. */
    readonly #doubtful = new Set<Duplex>()

    override addRequest(request: ClientRequest, options: object): void {
      this.#dropDead()
      super.addRequest(request, options)
    }

    override reuseSocket(connection: Duplex, request: ClientRequest): void {
      this.#doubtful.add(connection)
      super.reuseSocket(connection, request)
    }

    override keepSocketAlive(connection: Duplex): boolean {
      this.#doubtful.delete(connection)
      this.#idleSince.set(connection, clock.now())
      return super.keepSocketAlive(connection)
    }

    #dropDead(): void {
      const longestIdleMs = this.#hasFailed() ? -1 : LONGEST_IDLE_MS
      const now = clock.now()
      for (const connection of Object.values(this.freeSockets).flat()) {
        if (
          connection !== undefined &&
          now - (this.#idleSince.get(connection) ?? 0) > longestIdleMs
        )
          connection.destroy()
      }
    }

    #hasFailed(): boolean {
      const failed = [...this.#doubtful].filter(({ destroyed }) => destroyed)
      for (const connection of failed) this.#doubtful.delete(connection)
      return failed.length > 0
    }
  }
}
