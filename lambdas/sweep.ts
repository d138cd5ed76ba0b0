import type { FlipMessage } from './domain/alert.ts'
import { deadlineOf, type Heartbeat } from './domain/heartbeat.ts'
import { type Impairment, unimpaired } from './domain/impairment.ts'
import { isWithoutState } from './domain/state-loss.ts'
import { makeLook } from './domain/sweep.ts'
import { makeAwsPost } from './runtime/aws-post.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { optional, required, requiredCount } from './runtime/environment.ts'
import { groupsOf, inGroups } from './runtime/groups.ts'
import { log, nameOf, warn } from './runtime/log.ts'
import { random } from './runtime/random.ts'
import { makeDynamoClient, makeQueueClient } from './store/client.ts'
import { Heartbeats } from './store/heartbeats.ts'
import { Operations } from './store/operations.ts'
import { Queue } from './store/queue.ts'
import { sendCanary } from './sweep/canary.ts'
import { IntakeWatch } from './sweep/intake-watch.ts'
import { anyOf, makePingMetrics, makeSpillSignal } from './sweep/signals.ts'
import { makeWatcher } from './sweep/watcher.ts'

export type SweepDeps = {
  readonly heartbeats: Pick<Heartbeats, 'scan' | 'readMany' | 'flagMissed'>
  readonly operations: Pick<Operations, 'markSweep'>
  readonly flips: Pick<Queue, 'send'>
  /** Whether pings can be taken. */
  readonly intake: Pick<IntakeWatch, 'look' | 'impairmentSince'>
  /** Tells whoever watches the sweep that a run went well; must not fail. */
  readonly tellWatcher: () => Promise<void>
  readonly clock: Clock
}

const SEGMENTS = 4
/** A run starts at any second of its minute, so two can lie two minutes apart: each looks ahead for that long, and a little longer. */
const AHEAD_MS = 125_000
/** Pings that were sent before the deadline may still be on their way. */
const LATE_ARRIVAL_MS = 2_000
/** Deadlines this close to each other are judged together. */
const GROUP_MS = 250
/** Twice as many as there are groups: a heartbeat that changes while it is being flagged is looked at once more. */
const ROUNDS = (2 * AHEAD_MS) / GROUP_MS
const CONCURRENT_WRITES = 25
/** As many as go into one call. */
const RESEND_GROUP = 10

/** One run of the sweep: where it looks, and what it has done so far. */
type Run = { readonly deps: SweepDeps; readonly startedAt: number; readonly horizon: number; readonly done: Done }
type Done = { heartbeats: number; withoutState: number; flagged: number; resent: number; failed: number }

/** When to look at a heartbeat again. */
type Appointment = { readonly id: string; readonly at: number }

/**
 * Looks at all heartbeats, flags those past their deadline, waits for the deadlines just ahead, and sends again what nobody acknowledged.
 * It recomputes the truth from what is stored: run twice, late, or beside itself, it does the same.
 * @throws when some heartbeats could not be judged or flagged, after all others were
 */
export function makeSweepHandler(deps: SweepDeps): () => Promise<void> {
  return async () => {
    const startedAt = deps.clock.now()
    const done: Done = { heartbeats: 0, withoutState: 0, flagged: 0, resent: 0, failed: 0 }
    const run: Run = { deps, startedAt, horizon: startedAt + AHEAD_MS, done }
    const looking = look(run)
    const appointments = await Promise.all(Array.from({ length: SEGMENTS }, (_, segment) => scan(run, segment)))
    log('scanned', { heartbeats: done.heartbeats })
    if (done.withoutState > 0) warn('without-state', { checks: done.withoutState })
    await keep(run, appointments.flat())
    await looking
    await deps.operations.markSweep({ startedAt, heartbeats: done.heartbeats })
    if (done.flagged + done.resent > 0) log('swept', done)
    if (done.failed > 0) throw new Error(`${done.failed} of ${done.heartbeats} heartbeats could not be swept`)
    await deps.tellWatcher()
  }
}

/** Beside the scan, so that a canary that hangs delays nothing but what it is asked about. */
async function look(run: Run): Promise<void> {
  try {
    await run.deps.intake.look()
  } catch (error) {
    fail(run, '', nameOf(error))
  }
}

async function scan(run: Run, segment: number): Promise<readonly Appointment[]> {
  const look = makeLook(run.startedAt, run.horizon)
  const appointments: Appointment[] = []
  for await (const { heartbeats, broken } of run.deps.heartbeats.scan(segment, SEGMENTS)) {
    run.done.heartbeats += heartbeats.length + broken.length
    for (const id of broken) fail(run, id, 'unreadable')
    const near: Heartbeat[] = []
    const forgotten: FlipMessage[] = []
    run.done.withoutState += heartbeats.filter(isWithoutState).length
    for (const heartbeat of heartbeats) {
      const { deadline, unacknowledged } = judged(run, heartbeat, look) ?? {}
      if (deadline !== undefined) near.push(heartbeat)
      if (unacknowledged !== undefined) forgotten.push({ flip: unacknowledged, heartbeat })
    }
    appointments.push(...(await judge(run, near)))
    await resend(run, forgotten)
  }
  return appointments
}

/** What can't be sent again now will be by the next run; it must not keep this one from looking on. */
async function resend(run: Run, forgotten: readonly FlipMessage[]): Promise<void> {
  for (const some of groupsOf(forgotten, RESEND_GROUP)) {
    try {
      await run.deps.flips.send(some)
      run.done.resent += some.length
    } catch (error) {
      for (const { flip } of some) fail(run, flip.checkId, nameOf(error))
    }
  }
}

/** Flags what is overdue by now. @returns when to look again at the rest */
async function judge(run: Run, heartbeats: readonly Heartbeat[]): Promise<readonly Appointment[]> {
  const now = run.deps.clock.now()
  const appointments: Appointment[] = []
  const overdue: Awaited[] = []
  for (const { heartbeat, deadline } of await withDeadlines(run, heartbeats, now)) {
    if (deadline > run.horizon) continue
    if (deadline + LATE_ARRIVAL_MS <= now) overdue.push({ heartbeat, deadline })
    else appointments.push({ id: heartbeat.id, at: Math.ceil((deadline + LATE_ARRIVAL_MS) / GROUP_MS) * GROUP_MS })
  }
  const flagged = await inGroups(overdue, CONCURRENT_WRITES, ({ heartbeat, deadline }) => flag(run, heartbeat, deadline))
  return [...appointments, ...overdue.flatMap(({ heartbeat: { id } }, at) => (flagged[at] === 'changed' ? [{ id, at: now }] : []))]
}

type Awaited = { readonly heartbeat: Heartbeat; readonly deadline: number }

/** Heartbeats with their deadlines. Once one is past, it matters whether pings could be taken, and all are put off by when they could not. */
async function withDeadlines(run: Run, heartbeats: readonly Heartbeat[], now: number): Promise<readonly Awaited[]> {
  const awaited = heartbeats.flatMap((heartbeat): readonly Awaited[] => {
    const deadline = judged(run, heartbeat, deadlineOf)
    return deadline === undefined ? [] : [{ heartbeat, deadline }]
  })
  const past = awaited.map(({ deadline }) => deadline).filter((deadline) => deadline + LATE_ARRIVAL_MS <= now)
  if (past.length === 0) return awaited
  const impairment = await impairmentSince(run, Math.max(...past))
  if (impairment.intervals.length === 0) return awaited
  return awaited.map(({ heartbeat, deadline }) => ({ heartbeat, deadline: deadlineOf(heartbeat, impairment) ?? deadline }))
}

/** Where it can't be known whether pings could be taken, people are told rather than not. */
async function impairmentSince(run: Run, deadline: number): Promise<Impairment> {
  try {
    return await run.deps.intake.impairmentSince(deadline)
  } catch (error) {
    fail(run, '', nameOf(error))
    return unimpaired
  }
}

async function flag(run: Run, heartbeat: Heartbeat, deadline: number): Promise<'flagged' | 'changed' | 'failed'> {
  try {
    const outcome = await run.deps.heartbeats.flagMissed(heartbeat, deadline)
    if (outcome === 'flagged') run.done.flagged += 1
    return outcome
  } catch (error) {
    fail(run, heartbeat.id, nameOf(error))
    return 'failed'
  }
}

/** Waits for the appointments, one group after another, and judges each heartbeat as it is by then. */
async function keep(run: Run, appointments: readonly Appointment[]): Promise<void> {
  const { clock: time, heartbeats } = run.deps
  let waiting = appointments
  for (let round = 0; round < ROUNDS && waiting.length > 0; round += 1) {
    await time.waitUntil(waiting.reduce((first, { at }) => Math.min(first, at), Infinity))
    const now = time.now()
    const due = waiting.filter(({ at }) => at <= now).map(({ id }) => id)
    const current = await heartbeats.readMany(due)
    waiting = [...waiting.filter(({ at }) => at > now), ...(await judge(run, [...current.values()]))]
  }
}

/** A judgement on a heartbeat; undefined when its schedule is none that can be evaluated. */
function judged<T>(run: Run, heartbeat: Heartbeat, judgement: (heartbeat: Heartbeat) => T): T | undefined {
  try {
    return judgement(heartbeat)
  } catch (error) {
    fail(run, heartbeat.id, nameOf(error))
    return undefined
  }
}

/** One bad heartbeat must not keep the others from being judged. */
function fail(run: Run, check: string, error: string): void {
  run.done.failed += 1
  warn('sweep-failed', { check, error })
}

const dynamo = makeDynamoClient()
const sqs = makeQueueClient()
const heartbeats = new Heartbeats(dynamo, required('HEARTBEATS_TABLE'))
const operations = new Operations(dynamo, required('OPERATIONS_TABLE'))
const pingEndpoint = required('PING_ENDPOINT')

export const handler = makeSweepHandler({
  heartbeats,
  operations,
  flips: new Queue(sqs, required('FLIPS_QUEUE_URL')),
  intake: new IntakeWatch({
    operations,
    canary: (id) => sendCanary({ heartbeats, fetch, clock, pingEndpoint }, id),
    otherSignal: anyOf(
      makeSpillSignal(new Queue(sqs, required('SPILL_QUEUE_URL'))),
      makePingMetrics(makeAwsPost(sqs), required('PING_FUNCTION')),
    ),
    clock,
    random,
    longestHoldMs: requiredCount('HOLD_MINUTES') * 60_000,
  }),
  tellWatcher: makeWatcher(fetch, optional('WATCHER_URL')),
  clock,
})
