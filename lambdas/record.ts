import type { DynamoDBStreamEvent } from 'aws-lambda'
import { makeOwnDatabase } from './aws/own-database.ts'
import type { FailedRun } from './domain/watching/down-cause.ts'
import { flipBetween } from './domain/watching/flip.ts'
import type { Heartbeat } from './domain/watching/heartbeat.ts'
import { isOwn } from './domain/watching/own-heartbeats.ts'
import { isFailedRun, isMiss } from './domain/watching/run-result.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { required, requiredCount } from './runtime/environment.ts'
import { expiryAfter } from './store/items/expiry.ts'
import { type Images, imagesOf } from './store/watching/heartbeat-stream.ts'
import { Journal } from './store/watching/journal.ts'
import type { LogEntry } from './store/watching/journal-item.ts'

export type RecordDeps = {
  readonly journal: Pick<Journal, 'put'>
  readonly clock: Pick<Clock, 'now'>
  readonly logDays: number
  /** How long flips are kept. */
  readonly historyDays: number
}

/**
 * Writes the log of each check: the pings, flips and tolerated misses that follow from its
 * heartbeat's images before and after a write. Images that come twice are written as they were.
 */
export function makeRecordHandler(deps: RecordDeps): (event: DynamoDBStreamEvent) => Promise<void> {
  return async ({ Records }) => {
    const now = deps.clock.now()
    await deps.journal.put(
      imagesOf(Records).flatMap(entriesOf),
      expiryAfter(deps.logDays, now),
      expiryAfter(deps.historyDays, now),
    )
  }
}

/** Overdue's own heartbeats have no log, since nobody would read it. */
function entriesOf({ before, after }: Images): readonly LogEntry[] {
  if (isOwn(after.id)) return []
  const flip = flipBetween(before, after)
  return [
    ...pingsBetween(before, after),
    ...(flip === undefined ? [] : [{ checkId: after.id, flip }]),
    ...missesBetween(before, after),
  ]
}

function pingsBetween(before: Heartbeat, after: Heartbeat): readonly LogEntry[] {
  if (after.pingCount <= before.pingCount || after.lastPing === undefined) return []
  return [{ checkId: after.id, ping: { ...after.lastPing, number: after.pingCount } }]
}

/** What brings a check down is a flip, and not among its results any more. */
function missesBetween(before: Heartbeat, after: Heartbeat): readonly LogEntry[] {
  const known = new Set(missesOf(before).map(({ at }) => at))
  const noted = missesOf(after).filter(({ at }) => !known.has(at))
  return noted.map((miss) => ({ checkId: after.id, miss }))
}

function missesOf({ results = [] }: Heartbeat): readonly FailedRun[] {
  return results.filter(isFailedRun).filter(isMiss)
}

export const handler = makeRecordHandler({
  journal: new Journal(makeOwnDatabase(), required('JOURNAL_TABLE')),
  clock,
  logDays: requiredCount('LOG_DAYS'),
  historyDays: requiredCount('HISTORY_DAYS'),
})
