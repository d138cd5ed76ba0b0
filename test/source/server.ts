import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connection } from '../../lambdas/mirror/sql/connection.ts'
import { freePort } from '../../lib/local/engine/engine.ts'
import { endProgram, makeCertificate, own } from './programs.ts'
import type { Product } from './products.ts'

const TRIES = 300
const PAUSE_MS = 100

/** A database server of this test, on loopback and with a folder of its own. */
export type Server = {
  /** As the mirror is told it. */
  readonly url: string
  /** Asks as the owner of the tables. */
  ask(statement: string, values?: Parameters<Connection['ask']>[1]): ReturnType<Connection['ask']>
  /** Another connection of the owner's. */
  connect(): Promise<Connection>
  /** Ends it as if the power were cut. */
  kill(): Promise<void>
  /** Starts it again, on the same port and data. */
  start(): Promise<void>
  stop(): Promise<void>
}

export async function startServer(product: Product): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'overdue-source-'))
  own(folder, product.user)
  const certificate = makeCertificate(folder, product.user)
  const place = { folder, port: await freePort(), certificate }
  product.prepare(place)
  let child: ChildProcess | undefined
  let owner: Connection | undefined
  const start = async () => {
    child = product.start(place)
    owner = await reached(() => product.connect(place.port))
  }
  const end = async (signal: NodeJS.Signals) => {
    const connection = owner
    owner = undefined
    if (child !== undefined) await endProgram(child, signal)
    await connection?.end()
  }
  try {
    await start()
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
  return {
    url: product.url(place.port),
    ask: (statement, values = []) => owner?.ask(statement, values) ?? unreachable(),
    connect: () => product.connect(place.port),
    kill: () => end('SIGKILL'),
    start,
    stop: async () => {
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A connection, once the server takes one. */
async function reached(connect: () => Promise<Connection>): Promise<Connection> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect()
    } catch (error) {
      if (attempt === TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}

function unreachable(): never {
  throw new Error('the server is not running')
}
