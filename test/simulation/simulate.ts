import { host } from './host.ts'
import { tables } from '../../lambdas/store/keys.ts'
import { Dice } from './dice.ts'
import { Faults, type Stretch } from './faults.ts'
import { makeHandlers, type Mutation } from './functions.ts'
import { invariants } from './invariants.ts'
import { MemoryTables } from '../../lib/local/engine/memory-tables.ts'
import { makeParts } from './parts.ts'
import { Deployment } from './platform/deployment.ts'
import type { Run, Violation } from './invariant.ts'
import { HOLD_MINUTES, pickSettings } from './settings.ts'
import { repeatEverything, reconcileAgain } from './settling.ts'
import { Told } from './told.ts'
import { Trace } from './trace.ts'
import { bringOddItems, pickOddity } from './workload/odd-items.ts'
import type { Oddity } from './workload/oddity.ts'
import { startSource } from './workload/sourced.ts'
import { setUp, startWork } from './workload/scene.ts'
import { World } from './world.ts'

export type Options = {
  /** What is broken on purpose. */
  readonly mutation?: Mutation
  readonly keepsTrace?: boolean
  /** Names of faults that this run is to do without. */
  readonly without?: ReadonlySet<string>
}

export type SimulationResult = {
  readonly seed: number
  readonly hash: string
  readonly violations: readonly Violation[]
  readonly trace: readonly string[]
  readonly run: Run
}

const MINUTE_MS = 60_000
/**
 * Mostly short, because most mishaps need few minutes; now and then there is time for an hour
 * without sweeps.
 */
const RUN_MINUTES = [10, 10, 15, 20, 30, 65]
const STEP_MS = 5 * MINUTE_MS
/** Far from all other seeds: what is drawn of the intake changes no other draw. */
const INTAKE_SEEDS = 2 ** 50
/** And of the function that takes flips. */
const ALERT_SEEDS = 2 ** 51
/** And of items that nobody can read. */
const ODD_SEEDS = 3 * 2 ** 50
const LONGEST_OUTAGE_MINUTES = 20
const LONGEST_SILENCE_MINUTES = 40
const LONGEST_SETTLING_STEPS = 200

const parts = makeParts()

/**
 * One run: a deployment, jobs and people, and the faults of the seed; then calm, until all is
 * settled; then the judgement.
 */
export async function simulate(seed: number, options: Options = {}): Promise<SimulationResult> {
  // A run has no need of the event loop; its host may. And of the many errors in it, nobody asks
  // where they come from.
  await new Promise((resolve) => setImmediate(resolve))
  const { stackTraceLimit } = Error
  if (options.keepsTrace !== true) Error.stackTraceLimit = 0
  const run = makeRun(seed, options)
  const { world, endAt, oddity } = run
  if (oddity !== undefined) host.warned = (line) => noteNamed(oddity, line)
  try {
    await setUp(run, parts)
    const mend = oddity && bringOddItems(run, oddity)
    startWork(run)
    startSource(run, parts)
    await world.advanceTo(endAt)
    world.faults.isOver = true
    await settle(run, mend)
    await repeatEverything(run)
    await reconcileAgain(run)
  } finally {
    host.running = undefined
    host.warned = undefined
    Error.stackTraceLimit = stackTraceLimit
  }
  const violations = invariants.flatMap(({ name, find }) =>
    find(run).map((text) => ({ name, text })),
  )
  return { seed, hash: world.trace.hash, violations, trace: world.trace.lines, run }
}

function makeRun(seed: number, { mutation, keepsTrace = false, without }: Options): Run {
  const dice = new Dice(seed)
  const ofIntake = new Dice(seed + INTAKE_SEEDS)
  const startAt = Date.UTC(2026, 0, 1) + dice.between(0, 120) * MINUTE_MS
  const endAt = startAt + dice.pick(RUN_MINUTES) * MINUTE_MS
  const faults = new Faults(dice, [startAt, endAt], without)
  const settings = pickSettings(dice, ofIntake.chance(0.2))
  if (settings.watchesIntake && without?.has('no-pings') !== true)
    faults.noPings = pickOutage(ofIntake, [startAt, endAt])
  if (without?.has('no-alerts') !== true)
    pickSilence(new Dice(seed + ALERT_SEEDS), faults, [startAt, endAt])
  const world: World = new World({
    dice,
    faults,
    tables: makeTables(dice, faults, () => world.now),
    trace: new Trace(keepsTrace),
    startAt,
  })
  const deployment = new Deployment(world, makeHandlers(parts, settings, mutation))
  const nothingYet = {
    told: new Told(),
    owned: [],
    settled: undefined,
    reconcileWrites: [],
    sourced: undefined,
  }
  const oddity =
    without?.has('odd-items') === true
      ? undefined
      : pickOddity(new Dice(seed + ODD_SEEDS), { world, settings, startAt })
  return { seed, settings, world, deployment, startAt, endAt, oddity, ...nothingYet }
}

function makeTables(dice: Dice, faults: Faults, now: () => number): MemoryTables {
  const staleness = {
    mostMs: 1500,
    pick: () => (faults.strikes('stale') ? dice.between(0, 1500) : 0),
  }
  const shapes = Object.entries(tables).map(([name, shape]) => ({ name, ...shape }))
  return new MemoryTables(shapes, {
    now,
    pageSize: dice.pick([3, 1000]),
    ...(faults.rates.stale > 0 ? { staleness } : {}),
  })
}

/** Lets all that is under way come to its end, and what is overdue be found. */
async function settle(
  { world, deployment, settings, sourced }: Run,
  mend?: () => Promise<void>,
): Promise<void> {
  deployment.sweeps.everyMinutes = 2
  await world.advanceTo(world.now + 4 * MINUTE_MS)
  await mend?.()
  deployment.mirrors.everyMinutes = 10
  if (sourced !== undefined) deployment.mirrors.run({ compare: true })
  deployment.sweeps.everyMinutes = 10
  const isDone = () =>
    deployment.isQuiet &&
    world.processes.every(({ name, state }) =>
      name !== 'person' && name !== 'job' ? true : state !== 'running',
    )
  for (let step = 0; step < LONGEST_SETTLING_STEPS && !isDone(); step += 1)
    await world.advanceTo(world.now + STEP_MS)
  for (const queue of deployment.queues) queue.redrive()
  deployment.invocations.invoke('sync', { reconcile: true }, () => undefined)
  deployment.sweeps.everyMinutes = 4
  await world.advanceTo(world.now + (settings.watchesIntake ? 14 + HOLD_MINUTES : 14) * MINUTE_MS)
  for (let step = 0; step < LONGEST_SETTLING_STEPS && !isDone(); step += 1)
    await world.advanceTo(world.now + STEP_MS)
}

function noteNamed({ named }: Oddity, line: unknown): void {
  const { event, item } = line as { readonly event: string; readonly item?: string }
  if (event === 'item-unreadable' && item !== undefined) named.add(item)
}

/** When no ping gets through, in most runs that can notice. */
function pickOutage(dice: Dice, [startAt, endAt]: Stretch): Stretch {
  const from = dice.between(startAt + 2 * MINUTE_MS, endAt - MINUTE_MS)
  return dice.chance(0.8)
    ? [from, from + dice.between(MINUTE_MS / 2, LONGEST_OUTAGE_MINUTES * MINUTE_MS)]
    : [0, 0]
}

/**
 * When nobody takes flips, mostly where nothing else fails; now and then nobody looks for what is
 * overdue either until then.
 */
function pickSilence(dice: Dice, faults: Faults, [startAt, endAt]: Stretch): void {
  const from = dice.between(startAt + 2 * MINUTE_MS, endAt - MINUTE_MS)
  const until = from + dice.between(3, LONGEST_SILENCE_MINUTES) * MINUTE_MS
  if (!dice.chance(faults.areNone ? 0.3 : 0.05)) return
  faults.noAlerts = [from, until]
  if (faults.areNone && dice.chance(0.5)) faults.noSweeps = [from - 6 * MINUTE_MS, from + MINUTE_MS]
}
