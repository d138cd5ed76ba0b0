import { readConcurrencyLimit } from './aws/account.ts'
import { makeOwnDatabase } from './aws/own-database.ts'
import { makeAwsPost } from './aws/post.ts'
import { makeQueues } from './aws/queues.ts'
import { boundedCalls } from './runtime/bounded-calls.ts'
import { clock } from './runtime/clock.ts'
import { optional, required, requiredCount } from './runtime/environment.ts'
import { freshFetch } from './runtime/fresh-fetch.ts'
import { log, nameOf, warn } from './runtime/log.ts'
import { random } from './runtime/random.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'
import { Operations } from './store/watching/operations.ts'
import { sendCanary } from './sweep/canary.ts'
import { makeConcurrencyWatch } from './sweep/concurrency-watch.ts'
import { IntakeWatch } from './sweep/intake-watch.ts'
import { keepAppointments } from './sweep/judge.ts'
import { makePlannedTimes } from './sweep/planned-times.ts'
import { resend } from './sweep/resend.ts'
import { type Done, fail, type Run, type SweepDeps } from './sweep/run.ts'
import { scan } from './sweep/scan.ts'
import { anyOf, makePingMetrics, makeSpillSignal } from './sweep/signals.ts'
import { makeWatcher } from './sweep/watcher.ts'

/**
 * A run starts at any second of its minute, so two can lie two minutes apart: each looks ahead for
 * that long, and a little longer.
 */
const AHEAD_MS = 125_000

/**
 * Inspects all heartbeats, flags those past their deadline, waits for the deadlines just ahead, and
 * hands flips over again whose deliveries `alert` has not queued, or that it is to look at again.
 * It recomputes everything from what is stored: run twice, late, or beside itself, it does the
 * same.
 * @throws when some heartbeats could not be read, judged or flagged, after all others were
 */
export function makeSweepHandler(deps: SweepDeps): () => Promise<void> {
  return async () => {
    const startedAt = deps.clock.now()
    const done: Done = {
      heartbeats: 0,
      withoutState: 0,
      flagged: 0,
      noted: 0,
      resent: 0,
      givenUp: 0,
      failed: 0,
    }
    const horizon = startedAt + AHEAD_MS
    const run: Run = {
      deps,
      startedAt,
      horizon,
      done,
      appointments: new Map(),
      untold: [],
      plannedFor: makePlannedTimes({
        operations: deps.operations,
        horizon,
        fail: (project, error) => {
          done.failed += 1
          warn('sweep-failed', { project, error })
        },
      }),
    }
    const observing = observeIntake(run)
    const scanned = await scan(run)
    if (scanned === 'whole') log('scanned', { heartbeats: done.heartbeats })
    if (done.withoutState > 0) warn('without-state', { checks: done.withoutState })
    await Promise.all([
      keepAppointments(run),
      resend(run, scanned),
      observing,
      deps.watchConcurrency(startedAt),
    ])
    if (scanned === 'whole')
      await deps.operations.markSweep({ startedAt, heartbeats: done.heartbeats })
    if (done.flagged + done.noted + done.resent > 0) log('swept', done)
    if (done.givenUp > 0) warn('flips-given-up', { checks: done.givenUp })
    if (done.failed > 0)
      throw new Error(`${done.failed} of ${done.heartbeats} heartbeats could not be swept`)
    await deps.pingWatcher()
  }
}

/** Runs beside the scan, so that a canary that hangs delays only what waits for its result. */
async function observeIntake(run: Run): Promise<void> {
  try {
    await run.deps.intake.observe()
  } catch (error) {
    fail(run, '', nameOf(error))
  }
}

/** A page of a scan is a megabyte, read beside three others, so it takes longer than an item. */
const database = makeOwnDatabase(
  boundedCalls({
    connectionTimeoutMs: 1000,
    requestTimeoutMs: 5000,
    maxAttempts: 3,
  }),
)
const queueAt = makeQueues()
const heartbeats = new Heartbeats(database, required('HEARTBEATS_TABLE'))
const operations = new Operations(database, required('OPERATIONS_TABLE'))
const pingEndpoint = required('PING_ENDPOINT')

export const handler = makeSweepHandler({
  heartbeats,
  operations,
  flips: queueAt(required('FLIPS_QUEUE_URL')),
  intake: new IntakeWatch({
    operations,
    canary: (id) => sendCanary({ heartbeats, fetch: freshFetch, clock, pingEndpoint }, id),
    otherSignal: anyOf(
      makeSpillSignal(queueAt(required('SPILL_QUEUE_URL'))),
      makePingMetrics(makeAwsPost(), required('PING_FUNCTION')),
    ),
    clock,
    random,
    longestHoldMs: requiredCount('HOLD_MINUTES') * 60_000,
  }),
  watchConcurrency: makeConcurrencyWatch(readConcurrencyLimit),
  pingWatcher: makeWatcher(freshFetch, optional('WATCHER_URL')),
  clock,
})
