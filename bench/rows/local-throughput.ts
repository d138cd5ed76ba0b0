import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { BareEngine } from '../bare-engine.ts'
import { type Figure, figureOf, ratios, type Row } from '../figure.ts'
import { type LocalStack, withLocalStack } from '../local-stack.ts'
import { PingClient } from '../ping-client.ts'
import { makeChecks } from '../workload.ts'

const ROUNDS = 11
/**
 * A rate is that of programs that have been at it for a while: the stack's processes are three,
 * with more to compile.
 */
const WARMING_ROUNDS = 5
/** Each is pinged once a round, less often than a check may be pinged. */
const CHECKS = 400
const CONNECTIONS = [1, 16, 64]

export const localThroughput: Row = {
  name: 'local-throughput',
  help: "pings a second through the local stack over 1, 16 and 64 connections, against the bare engine's rate of the same UpdateItem through the SDK",
  measure: (progress) => withLocalStack((stack) => measure(stack, progress)),
}

async function measure(
  stack: LocalStack,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  progress(`making ${CHECKS} checks`)
  const checks = await makeChecks(stack, await stack.project(), CHECKS)
  const engine = await BareEngine.start()
  try {
    await engine.put(await heartbeatsOf(stack))
    for (let round = 0; round < WARMING_ROUNDS; round += 1) {
      await engine.update(checks, 16)
      await pingsASecond(stack, checks, 16)
    }
    const figures: Figure[] = []
    for (const connections of CONNECTIONS)
      figures.push(...(await compare({ stack, engine, checks }, connections, progress)))
    return figures
  } finally {
    await engine.stop()
  }
}

/** Few enough for one page. */
async function heartbeatsOf({ dynamo }: LocalStack) {
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: 'Heartbeats' }))
  return Items
}

type Sides = {
  readonly stack: LocalStack
  readonly engine: BareEngine
  readonly checks: readonly string[]
}

async function compare(
  { stack, engine, checks }: Sides,
  connections: number,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  progress(`${connections} connections`)
  const [pings, updates]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    await stack.settle()
    const startedAt = performance.now()
    await engine.update(checks, connections)
    updates.push(aSecond(checks.length, startedAt))
    pings.push(await pingsASecond(stack, checks, connections))
  }
  const over = `over ${connections} ${connections === 1 ? 'connection' : 'connections'}`
  return [
    figureOf(`pings ${over}`, 'a second', pings),
    {
      ...figureOf(`of the engine's rate, ${over}`, '×', ratios(pings, updates)),
      target: { atLeast: 0.7 },
    },
  ]
}

/** @throws when a ping is not answered with 200 */
async function pingsASecond(
  { base }: LocalStack,
  checks: readonly string[],
  connections: number,
): Promise<number> {
  const client = new PingClient(base, connections)
  const startedAt = performance.now()
  const { 200: taken = 0, ...others } = await client.ping(checks)
  const rate = aSecond(checks.length, startedAt)
  client.close()
  if (taken !== checks.length) throw new Error(`pings were answered with ${JSON.stringify(others)}`)
  return rate
}

function aSecond(count: number, startedAt: number): number {
  return count / ((performance.now() - startedAt) / 1000)
}
