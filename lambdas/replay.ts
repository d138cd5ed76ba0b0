import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { makeFunctionCall } from './aws/function-call.ts'
import { makeQueues } from './aws/queues.ts'
import { makeSdkDatabase } from './aws/sdk-database.ts'
import { parseProvisioned } from './domain/watching/provisioning.ts'
import { replayDelaySeconds } from './domain/telling/retry.ts'
import {
  addresseeKey,
  byOwnTime,
  checkIdOf,
  parseSpilledPing,
  type SpilledPing,
} from './domain/watching/spilled-ping.ts'
import { type RecordingDeps, replay } from './replay/replay.ts'
import { boundedCalls } from './runtime/bounded-calls.ts'
import { clock } from './runtime/clock.ts'
import { required, requiredCount } from './runtime/environment.ts'
import { nameOf, warn } from './runtime/log.ts'
import type { Queue } from './runtime/queue.ts'
import { Journal } from './store/watching/journal.ts'
import { Lookups } from './store/registry/lookups.ts'
import { makePark, type Park } from './store/parking.ts'
import { Replays } from './store/watching/replays.ts'

export type ReplayDeps = RecordingDeps & {
  readonly queue: Pick<Queue, 'postpone'>
  /** Puts a message that can't be read among the dead letters. */
  readonly park: Park
}

/** Half of what the function may run, so that whatever has begun by then comes to its end. */
const WORK_MS = 30_000

/**
 * Records the pings that waited in the spill queue, in the order in which they came. A ping that
 * fails waits longer from try to try. The later pings of its check wait, too: once a later one is
 * recorded, an earlier one would only be logged.
 */
export function makeReplayHandler(
  deps: ReplayDeps,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const until = deps.clock.now() + WORK_MS
    const waiting = Records.map(read)
    for (const { record, spilled } of waiting) if (spilled === undefined) await deps.park(record)
    const failed: SQSRecord[] = []
    const failedChecks = new Set<string>()
    for (const { record, spilled } of waiting
      .filter(isReadable)
      .sort((a, b) => byOwnTime(a.spilled, b.spilled))) {
      const check = addresseeKey(spilled.addressee)
      const mayBegin = !failedChecks.has(check) && deps.clock.now() < until
      if (mayBegin && (await attempt(deps, spilled)) === 'done') continue
      failedChecks.add(check)
      failed.push(record)
    }
    return { batchItemFailures: await putOff(deps, failed) }
  }
}

type Waiting = { readonly record: SQSRecord; readonly spilled: SpilledPing | undefined }

function read(record: SQSRecord): Waiting {
  try {
    return { record, spilled: parseSpilledPing(record.body) }
  } catch {
    return { record, spilled: undefined }
  }
}

function isReadable(waiting: Waiting): waiting is Waiting & { readonly spilled: SpilledPing } {
  return waiting.spilled !== undefined
}

async function attempt(deps: ReplayDeps, spilled: SpilledPing): Promise<'done' | 'failed'> {
  try {
    await replay(deps, spilled)
    return 'done'
  } catch (error) {
    warn('replay-failed', { check: checkIdOf(spilled.addressee), error: nameOf(error) })
    return 'failed'
  }
}

async function putOff(
  { queue }: ReplayDeps,
  records: readonly SQSRecord[],
): Promise<SQSBatchItemFailure[]> {
  for (const { receiptHandle, attributes } of records) {
    await queue.postpone(
      receiptHandle,
      replayDelaySeconds(Number(attributes.ApproximateReceiveCount)),
    )
  }
  return records.map(({ messageId }) => ({ itemIdentifier: messageId }))
}

/** One try a call: the queue tries again, and paces it. */
const database = makeSdkDatabase(
  boundedCalls({
    connectionTimeoutMs: 1000,
    requestTimeoutMs: 2000,
    maxAttempts: 1,
  }),
)
/** Longer than the function `provision` may run. */
const provision = makeFunctionCall(required('PROVISION_FUNCTION'), {
  connectionTimeoutMs: 1000,
  requestTimeoutMs: 13_000,
  maxAttempts: 1,
})

const queueAt = makeQueues()

export const handler = makeReplayHandler({
  replays: new Replays(database, {
    Heartbeats: required('HEARTBEATS_TABLE'),
    Journal: required('JOURNAL_TABLE'),
  }),
  journal: new Journal(database, required('JOURNAL_TABLE')),
  lookups: new Lookups(database, required('LOOKUPS_TABLE')),
  provision: async (alias) => parseProvisioned(await provision(alias)),
  queue: queueAt(required('SPILL_QUEUE_URL')),
  park: makePark(queueAt(required('SPILLDEADLETTERS_QUEUE_URL'))),
  clock,
  logDays: requiredCount('LOG_DAYS'),
})
