import { ScanCommand } from '@aws-sdk/client-dynamodb'
import type { Use } from './cost-model.ts'
import { median } from './figure.ts'
import { itemBytes, ITEM_OVERHEAD_BYTES } from './item-bytes.ts'
import { type LocalStack, type Meter, withLocalStack } from './local-stack.ts'
import { callsOf, totalsOf, type Units } from './metered.ts'
import { makeChecks, pingAll } from './workload.ts'

/** What goes on beside the pings, as the cost model takes it. */
export type MeasuredUpkeep = {
  readonly sweep: Use
  readonly sweptHeartbeat: Use
  readonly syncedCheck: Use
  readonly outage: Use
  readonly heartbeatBytes: number
  readonly checkBytes: number
}

const CHECKS = 1000
const OUTAGES = 10
const RUNS = 9
const AT_ONCE = 8
/** Some ten calls to AWS, one after another. */
const CALLS_MS = 100
const PERIOD_SECONDS = 7200
/** Of checks that have no deadline while all this goes on. */
const unmoved = { timeout: 30 * 86_400, grace: 30 * 86_400 }
/** Functions that a check's going down and up again sets going. */
const alerting = ['record', 'relay', 'alert', 'deliver']

export async function measuredUpkeep(progress: (line: string) => void): Promise<MeasuredUpkeep> {
  return withLocalStack(async (stack) => {
    progress('a sweep of nothing')
    const empty = await measureRuns(stack, 'sweep')
    progress(`making ${CHECKS} checks`)
    const project = await stack.project()
    await pingAll(stack, await makeChecks(stack, project, CHECKS, unmoved), AT_ONCE)
    await stack.settle()
    progress('sweeps and syncs of them')
    const full = await measureRuns(stack, 'sweep')
    const sync = await measureRuns(stack, 'sync')
    const bytes = {
      heartbeatBytes: await bytesEach(stack, 'Heartbeats'),
      checkBytes: await bytesEach(stack, 'Registry'),
    }
    progress(`${OUTAGES} outages`)
    const { cpuMs, units } = perItem(full, empty)
    return {
      // A ping by itself is one of the invocations.
      sweep: {
        invocations: 2,
        cpuMs: empty.cpuMs,
        waitMs: CALLS_MS,
        ...empty.units,
        loggedBytes: empty.loggedBytes,
      },
      sweptHeartbeat: { cpuMs, ...units },
      syncedCheck: {
        cpuMs: sync.cpuMs / CHECKS,
        writeUnits: sync.units.writeUnits / CHECKS,
        readUnits: sync.units.readUnits / CHECKS,
      },
      outage: await measureOutages(stack),
      ...bytes,
    }
  })
}

type Run = { readonly cpuMs: number; readonly units: Units; readonly loggedBytes: number }

/** What Lambda puts around each line of a log. */
const ENVELOPE_BYTES = 150

/** One run of a scheduled function, the sweep's with its canary: the median of several. */
async function measureRuns(stack: LocalStack, name: 'sweep' | 'sync'): Promise<Run> {
  const runs: Run[] = []
  for (let index = 0; index < RUNS; index += 1) {
    await stack.resetMeter()
    const [cpu, logged] = [stack.cpuMs(name), stack.loggedBytes(name)]
    await stack.invoke(name, { reconcile: true })
    const meter = await stack.meter()
    const [own, canary] = [
      totalsOf(meter[name]),
      totalsOf(name === 'sweep' ? meter['canary'] : undefined),
    ]
    const units = {
      writeUnits: own.writeUnits + canary.writeUnits,
      readUnits: own.readUnits + canary.readUnits,
    }
    runs.push({
      cpuMs: stack.cpuMs(name) - cpu,
      units,
      loggedBytes: stack.loggedBytes(name) - logged + ENVELOPE_BYTES,
    })
  }
  const medianOf = (value: (run: Run) => number) => median(runs.map(value))
  return {
    cpuMs: medianOf(({ cpuMs }) => cpuMs),
    units: {
      writeUnits: medianOf(({ units }) => units.writeUnits),
      readUnits: medianOf(({ units }) => units.readUnits),
    },
    loggedBytes: medianOf(({ loggedBytes }) => loggedBytes),
  }
}

function perItem(full: Run, empty: Run) {
  return {
    cpuMs: Math.max(0, full.cpuMs - empty.cpuMs) / CHECKS,
    units: {
      writeUnits: Math.max(0, full.units.writeUnits - empty.units.writeUnits) / CHECKS,
      readUnits: Math.max(0, full.units.readUnits - empty.units.readUnits) / CHECKS,
    },
  }
}

/**
 * Checks that miss a deadline each, are mailed about, and ping again, one after another as on a
 * quiet day.
 */
async function measureOutages(stack: LocalStack): Promise<Use> {
  const project = await stack.project()
  const checks = await makeChecks(stack, project, OUTAGES, { timeout: PERIOD_SECONDS, grace: 60 })
  for (const check of checks) {
    await pingAll(stack, [check], 1)
    await stack.advance(60)
  }
  await stack.settle()
  await stack.resetMeter()
  const before = outageOf(stack, await stack.meter())
  await stack.advance(PERIOD_SECONDS)
  for (const check of checks) {
    await pingAll(stack, [check], 1)
    await stack.advance(60)
  }
  await stack.settle()
  const after = outageOf(stack, await stack.meter())
  const mails = (await stack.control('GET', '/mail')) as readonly {
    readonly to: readonly string[]
  }[]
  const own = mails.filter(({ to }) => to.includes(project.email)).length
  if (own !== 2 * OUTAGES)
    throw new Error(`${OUTAGES} outages made ${own} mails, not ${2 * OUTAGES}`)
  const names = Object.keys(after) as (keyof typeof after)[]
  const each = Object.fromEntries(
    names.map((name) => [name, (after[name] - before[name]) / OUTAGES]),
  )
  return { ...each, mails: 2 }
}

function outageOf(stack: LocalStack, meter: Meter) {
  const sum = (of: (name: string) => number) =>
    alerting.reduce((total, name) => total + of(name), 0)
  return {
    invocations: sum((name) => meter[name]?.invocations ?? 0),
    cpuMs: sum((name) => stack.cpuMs(name)),
    writeUnits: sum((name) => totalsOf(meter[name]).writeUnits),
    readUnits: sum((name) => totalsOf(meter[name]).readUnits),
    // Lambda receives and deletes what the functions send.
    sqsCalls: 3 * sum((name) => callsOf(meter[name], 'sqs')),
  }
}

async function bytesEach(stack: LocalStack, table: 'Heartbeats' | 'Registry'): Promise<number> {
  let bytes = 0
  let start: Parameters<typeof itemBytes>[0] | undefined
  do {
    const page = await stack.dynamo.send(
      new ScanCommand({
        TableName: table,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    )
    bytes += (page.Items ?? []).reduce(
      (sum, item) => sum + itemBytes(item) + ITEM_OVERHEAD_BYTES,
      0,
    )
    start = page.LastEvaluatedKey
  } while (start !== undefined)
  return bytes / CHECKS
}
