import { expect } from 'vitest'
import { runCommand } from '../../bin/operate/command.ts'
import type { CreatedProject } from '../../lambdas/domain/people/new-project.ts'
import { random } from '../../lambdas/runtime/random.ts'
import { Heartbeats } from '../../lambdas/store/watching/heartbeats.ts'
import { Registry } from '../../lambdas/store/registry/registry.ts'
import { type Asked, serveAws } from './aws.ts'
import { start } from './builders.ts'
import { makeTables } from './engine.ts'
import { makeTerminal } from './terminal.ts'

export type Run = {
  readonly status: number
  readonly bytes: Buffer
  readonly out: string
  readonly err: string
}

/** The operator's command over fresh tables on a real engine, and the stores to look into them. */
export async function makeOperator() {
  const engine = await makeTables()
  const registry = new Registry(engine.database, engine.names.Registry)
  const heartbeats = new Heartbeats(engine.database, engine.names.Heartbeats)
  const sent: string[] = []
  const asked: Asked[] = []
  const aws = await serveAws(engine, () => Promise.resolve(), { sent, asked })
  return {
    engine,
    registry,
    heartbeats,
    /** What was sent to queues, as text. */
    sent,
    /** What was asked of tables. */
    asked,
    async project(checkLimit = 100): Promise<CreatedProject> {
      const created = await registry.createProject(
        { name: 'Here', email: 'ops@example.com', checkLimit },
        start,
        random,
      )
      return created === 'key-taken' ? expect.unreachable() : created
    },
    async run(...args: readonly string[]): Promise<Run> {
      const terminal = makeTerminal()
      return {
        status: await runCommand([...args, '--local', aws.url], terminal),
        ...terminal.seen(),
      }
    },
    async stop() {
      await aws.stop()
      await engine.stop()
    },
  }
}

export type Operator = Awaited<ReturnType<typeof makeOperator>>
