import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { ITEM_OVERHEAD_BYTES, itemBytes } from './item-bytes.ts'
import { type LocalStack, type Meter, withLocalStack } from './local-stack.ts'
import { totalsOf, type Units } from './metered.ts'
import { makeChecks, pingAll } from './workload.ts'

/** What plain pings of checks that are up use. */
export type MeasuredPings = {
  readonly checks: number
  readonly pings: number
  /** Per ping, between the job's request and its answer. */
  readonly ping: Units
  /** Per ping, for its line in the check's log, which is written behind the answer. */
  readonly record: Units
  /**
   * On a whole processor of this machine: of a ping, one at a time as Lambda has it; of a line of
   * the log among many, and by itself.
   */
  readonly cpuMs: { readonly ping: number; readonly line: number; readonly lineAlone: number }
  /** What all other functions were called for by those pings, which should be nothing. */
  readonly otherInvocations: number
  /** What all functions have written to their own logs, for all pings together. */
  readonly loggedBytes: number
  /** What a ping's entry in the check's log is billed as, when it is stored. */
  readonly entryBytes: number
}

const CHECKS = 1000
const PINGS_EACH = 10
const AT_ONCE = 8
const TIMED_PINGS = 300
const TIMED_LINES = 20

let measured: Promise<MeasuredPings> | undefined

/** Measured once for all rows that are built on it. */
export function measuredPings(progress: (line: string) => void): Promise<MeasuredPings> {
  measured ??= withLocalStack((stack) =>
    measurePings(stack, { checks: CHECKS, pingsEach: PINGS_EACH }, progress),
  )
  return measured
}

export type Extent = { readonly checks: number; readonly pingsEach: number }

export async function measurePings(
  stack: LocalStack,
  extent: Extent,
  progress: (line: string) => void,
): Promise<MeasuredPings> {
  progress(`making ${extent.checks} checks`)
  const checks = await makeChecks(stack, await stack.project(), extent.checks)
  // The first ping of a check brings it up, and is logged with that.
  await pingAll(stack, checks, AT_ONCE)
  await stack.settle()
  await stack.resetMeter()
  const [lineCpu, logged] = [stack.cpuMs('record'), loggedOf(stack, await stack.meter())]
  const pings = extent.checks * extent.pingsEach
  progress(`${pings} pings`)
  for (let round = 0; round < extent.pingsEach; round += 1) await pingAll(stack, checks, AT_ONCE)
  await stack.settle()
  const meter = await stack.meter()
  const others = Object.entries(meter).filter(
    ([name]) => !['ping', 'record', ...scheduled].includes(name),
  )
  return {
    checks: extent.checks,
    pings,
    ping: totalsOf(meter['ping'], pings),
    record: totalsOf(meter['record'], pings),
    cpuMs: {
      line: (stack.cpuMs('record') - lineCpu) / pings,
      ...(await timeSingly(stack, checks)),
    },
    otherInvocations: others.reduce((sum, [, { invocations }]) => sum + invocations, 0),
    loggedBytes: loggedOf(stack, meter) - logged,
    entryBytes: await entryBytes(stack, checks[0] ?? ''),
  }
}

async function timeSingly(stack: LocalStack, checks: readonly string[]) {
  const timed = Array.from(
    { length: TIMED_PINGS },
    (_, index) => checks[index % checks.length] ?? '',
  )
  const before = stack.cpuMs('ping')
  await pingAll(stack, timed, 1)
  const ping = (stack.cpuMs('ping') - before) / TIMED_PINGS
  await stack.settle()
  const lineBefore = stack.cpuMs('record')
  for (const check of timed.slice(0, TIMED_LINES)) {
    await pingAll(stack, [check], 1)
    await stack.settle()
  }
  return { ping, lineAlone: (stack.cpuMs('record') - lineBefore) / TIMED_LINES }
}

/** What the stack runs by itself, and the account of the sweep's own pings. */
const scheduled = ['sweep', 'sync', 'drill', 'canary']

function loggedOf(stack: LocalStack, meter: Meter): number {
  const names = new Set(['ping', 'record', ...Object.keys(meter)])
  return [...names]
    .filter((name) => !scheduled.includes(name))
    .reduce((sum, name) => sum + stack.loggedBytes(name), 0)
}

async function entryBytes(stack: LocalStack, check: string): Promise<number> {
  const { Items = [] } = await stack.dynamo.send(
    new QueryCommand({
      TableName: 'Journal',
      KeyConditionExpression: '#check = :check AND begins_with(entry, :ping)',
      ExpressionAttributeNames: { '#check': 'check' },
      ExpressionAttributeValues: { ':check': { S: check }, ':ping': { S: 'ping#' } },
    }),
  )
  return Math.max(...Items.map(itemBytes)) + ITEM_OVERHEAD_BYTES
}
