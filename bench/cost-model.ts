import prices from './prices.json' with { type: 'json' }

/**
 * What a unit of work uses of AWS, as far as it costs. Parts may be fractions: of what is shared
 * among many.
 */
export type Use = {
  readonly invocations?: number
  /** On a whole processor. */
  readonly cpuMs?: number
  /** Waiting for AWS, or for a deadline. */
  readonly waitMs?: number
  readonly writeUnits?: number
  readonly readUnits?: number
  readonly sqsCalls?: number
  readonly mails?: number
  readonly loggedBytes?: number
}

/** What was measured on the local stack, of one of each. */
export type Measured = {
  /** A plain ping of a check that is up. */
  readonly ping: Use
  /** The line of a ping in its check's log, but for the invocation that writes it. */
  readonly logLine: Use
  /** An invocation that writes lines, but for those. */
  readonly logInvocation: Use
  /** A run of the sweep and its canary, but for the heartbeats, and a heartbeat of it. */
  readonly sweep: Use
  readonly sweptHeartbeat: Use
  /** A check of the daily sync. */
  readonly syncedCheck: Use
  /** A check that goes down and comes up again, with a mail for each. */
  readonly outage: Use
  readonly bytes: { readonly heartbeat: number; readonly check: number; readonly logLine: number }
}

/** What a deployment costs whether it is used or not, counted in its template. */
export type Fixed = {
  readonly alarms: number
  readonly metrics: number
  readonly polledQueues: number
}

export type Load = {
  readonly checks: number
  readonly secondsBetweenPings: number
  readonly outagesPerCheckMonth: number
  readonly logDays: number
}

/** Dollars a month, by what they are for. */
export type Bill = Readonly<Record<(typeof billItems)[number], number>>
export const billItems = ['pings', 'log', 'storage', 'sweep', 'sync', 'alerts', 'fixed'] as const

const { usd } = prices
const MILLION = 1e6
const GB = 1e9
/**
 * The memory of every function here but two that hardly run: what it costs, and its share of a
 * processor, a whole one being 1769 MB.
 */
const MEMORY_GB = 0.25
const PROCESSOR_SHARE = 256 / 1769
const MONTH_SECONDS = 30 * 86_400
const RUNS_A_MONTH = MONTH_SECONDS / 60
/** How far a run of the sweep looks ahead, and waits. */
export const HORIZON_SECONDS = 125
/** Of a new on-demand table: each is a batch of its own for a stream's reader. */
const SHARDS = 4
const BATCH_SIZE = 100
const BATCH_WINDOW_SECONDS = 3
/**
 * AWS: five long polls of 20 seconds for each queue that feeds a function, as long as it is quiet.
 */
const POLLS_A_MONTH = (5 * MONTH_SECONDS) / 20

/** Dollars of some work. Lambda's time is that on its share of a processor, and that of waiting. */
export function dollarsOf(use: Use): number {
  const {
    invocations = 0,
    cpuMs = 0,
    waitMs = 0,
    writeUnits = 0,
    readUnits = 0,
    sqsCalls = 0,
    mails = 0,
    loggedBytes = 0,
  } = use
  const gbSeconds = ((cpuMs / PROCESSOR_SHARE + waitMs) / 1000) * MEMORY_GB
  return (
    (invocations * usd.lambda.perMillionRequests) / MILLION +
    gbSeconds * usd.lambda.perGbSecond +
    (writeUnits * usd.dynamodb.perMillionWriteUnits) / MILLION +
    (readUnits * usd.dynamodb.perMillionReadUnits) / MILLION +
    (sqsCalls * usd.sqs.perMillionCalls) / MILLION +
    (mails * usd.ses.perThousandMails) / 1000 +
    (loggedBytes * usd.cloudwatch.perGbLogged) / GB
  )
}

/** The bill of a month of 30 days, without free tiers. */
export function billOf(measured: Measured, fixed: Fixed, load: Load): Bill {
  const { checks, outagesPerCheckMonth: outages } = load
  const pings = (checks * MONTH_SECONDS) / load.secondsBetweenPings
  return {
    pings: pings * dollarsOf(measured.ping),
    log: pings * dollarsOfLogLine(measured, pings / MONTH_SECONDS),
    storage: storageOf(measured.bytes, load, pings),
    sweep: sweepOf(measured, checks, checks * outages),
    sync: 30 * checks * dollarsOf(measured.syncedCheck),
    alerts: checks * outages * dollarsOf(measured.outage),
    fixed: fixedOf(fixed),
  }
}

export function totalOf(bill: Bill): number {
  return billItems.reduce((sum, item) => sum + bill[item], 0)
}

/** Dollars of one ping's line in the log, at so many pings a second. */
export function dollarsOfLogLine(
  { logLine, logInvocation }: Pick<Measured, 'logLine' | 'logInvocation'>,
  pingsPerSecond: number,
): number {
  return (
    dollarsOf(logLine) +
    dollarsOf({ invocations: 1, ...logInvocation }) / linesPerInvocation(pingsPerSecond)
  )
}

/**
 * How many lines an invocation writes: the one that opens the window, and those of its shard that
 * come while it is open. For pings that are spread evenly; such as come together, as cron's do, are
 * fewer invocations.
 */
export function linesPerInvocation(pingsPerSecond: number): number {
  return Math.min(BATCH_SIZE, 1 + (pingsPerSecond / SHARDS) * BATCH_WINDOW_SECONDS)
}

/**
 * How long a run waits on the average: until the last of the deadlines ahead of it that are missed,
 * or nearly, when so many of them are spread over a month by chance.
 */
export function waitSecondsOf(missedPerMonth: number): number {
  const rate = missedPerMonth / MONTH_SECONDS
  return rate === 0 ? 0 : HORIZON_SECONDS - (1 - Math.exp(-rate * HORIZON_SECONDS)) / rate
}

function sweepOf(
  { sweep, sweptHeartbeat }: Measured,
  checks: number,
  missedPerMonth: number,
): number {
  const waiting = dollarsOf({ waitMs: waitSecondsOf(missedPerMonth) * 1000 })
  const run =
    dollarsOf(sweep) +
    checks * dollarsOf(sweptHeartbeat) +
    waiting +
    usd.scheduler.perMillionRuns / MILLION
  return RUNS_A_MONTH * run
}

/** Tables have point-in-time recovery on, which is paid by their size. */
function storageOf(
  bytes: Measured['bytes'],
  { checks, logDays }: Load,
  pingsPerMonth: number,
): number {
  const lines = (pingsPerMonth * logDays) / 30
  const stored = checks * (bytes.heartbeat + bytes.check) + lines * bytes.logLine
  return (stored / GB) * (usd.dynamodb.perGbMonth + usd.dynamodb.backupPerGbMonth)
}

function fixedOf({ alarms, metrics, polledQueues }: Fixed): number {
  const watching = alarms * usd.cloudwatch.perAlarmMonth + metrics * usd.cloudwatch.perMetricMonth
  return watching + dollarsOf({ sqsCalls: polledQueues * POLLS_A_MONTH })
}
