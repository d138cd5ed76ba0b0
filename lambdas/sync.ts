import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { type Check, definitionOf } from './domain/check.ts'
import { type Drift, driftOf } from './domain/drift.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { required } from './runtime/environment.ts'
import { log, nameOf, warn } from './runtime/log.ts'
import { makeDynamoClient } from './store/client.ts'
import { Heartbeats } from './store/heartbeats.ts'
import { type CheckChange, checkChangeOf } from './store/registry-stream.ts'
import { Registry } from './store/registry.ts'

export type SyncDeps = {
  readonly registry: Pick<Registry, 'scan' | 'existing'>
  readonly heartbeats: Pick<Heartbeats, 'versions' | 'define' | 'bury' | 'remove' | 'scan'>
  readonly clock: Pick<Clock, 'now'>
}

/** What a reconcile looked at, the drift it found, and how much of that it put right. */
export type ReconcileReport = Readonly<Record<'checks' | 'heartbeats' | Drift | 'orphaned' | 'repaired' | 'failed', number>>

const CONCURRENT_WRITES = 10
const SEGMENTS = 4

/**
 * Keeps the definitions in the heartbeats equal to the registry: change by change as its stream tells, or all when asked to reconcile.
 * Versions are read before anything is written, because a write costs a unit even when its condition fails.
 */
export function makeSyncHandler(
  deps: SyncDeps,
): (event: DynamoDBStreamEvent | { readonly reconcile: true }) => Promise<DynamoDBBatchResponse | ReconcileReport> {
  return (event) => ('Records' in event ? follow(deps, event.Records) : reconcile(deps))
}

/** Of several changes of one check the newest says all. One that fails is reported by its record, so that it comes again. */
async function follow(deps: SyncDeps, records: readonly DynamoDBRecord[]): Promise<DynamoDBBatchResponse> {
  const failed: DynamoDBRecord[] = []
  const newest = new Map<string, RecordedChange>()
  for (const record of records) {
    const change = readChange(record)
    if (change === 'unreadable') failed.push(record)
    else if (change !== undefined && change.version >= (newest.get(change.id)?.version ?? 0)) newest.set(change.id, { ...change, record })
  }
  const versions = await deps.heartbeats.versions([...newest.keys()])
  const drifted = [...newest.values()].filter(({ id, version }) => driftOf(version, versions.get(id)) !== undefined)
  await inGroups(drifted, async (change) => {
    if (!(await succeeds(change.id, () => apply(deps, change)))) failed.push(change.record)
  })
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' })) }
}

type RecordedChange = CheckChange & { readonly record: DynamoDBRecord }

function readChange(record: DynamoDBRecord): CheckChange | 'unreadable' | undefined {
  try {
    return checkChangeOf(record)
  } catch (error) {
    warn('sync-failed', { check: record.dynamodb?.Keys?.['sk']?.S, error: nameOf(error) })
    return 'unreadable'
  }
}

async function apply({ heartbeats, clock: time }: SyncDeps, { id, version, definition }: CheckChange): Promise<void> {
  if (definition === undefined) await heartbeats.bury(id, version, time.now())
  else await heartbeats.define(id, definition)
  log('synced', { check: id, version, deleted: definition === undefined })
}

/** Compares all checks with all heartbeats, page by page. @throws at the end, when some could not be put right. */
async function reconcile(deps: SyncDeps): Promise<ReconcileReport> {
  const found: Findings = { checks: 0, heartbeats: 0, missing: 0, stale: 0, orphaned: 0, repaired: 0, failed: 0 }
  for await (const { checks, broken } of deps.registry.scan()) {
    noteBroken(found, broken)
    await repair(deps, found, checks)
  }
  const segments = Array.from({ length: SEGMENTS }, (_, segment) => segment)
  await Promise.all(segments.map((segment) => removeOrphans(deps, found, segment)))
  log('reconciled', found)
  if (found.failed > 0) throw new Error(`reconcile failed for ${found.failed} of ${found.checks} checks: ${JSON.stringify(found)}`)
  return found
}

type Findings = { -readonly [Name in keyof ReconcileReport]: number }

/** Writes the definitions that heartbeats lack. */
async function repair({ heartbeats }: SyncDeps, found: Findings, checks: readonly Check[]): Promise<void> {
  const versions = await heartbeats.versions(checks.map(({ id }) => id))
  found.checks += checks.length
  await inGroups(checks, async (check) => {
    const drift = driftOf(check.version, versions.get(check.id))
    if (drift === undefined) return
    found[drift] += 1
    const isDone = await succeeds(check.id, async () => {
      if ((await heartbeats.define(check.id, definitionOf(check))) === 'written') found.repaired += 1
    })
    if (!isDone) found.failed += 1
  })
}

/** Removes the heartbeats that have no check: the look at the registry is a consistent one, and later than that at the heartbeat. */
async function removeOrphans({ registry, heartbeats }: SyncDeps, found: Findings, segment: number): Promise<void> {
  for await (const page of heartbeats.scan(segment, SEGMENTS)) {
    noteBroken(found, page.broken)
    found.heartbeats += page.heartbeats.length
    const existing = await registry.existing(page.heartbeats.map(({ id }) => id))
    const orphans = page.heartbeats.filter(({ id }) => !existing.has(id))
    await inGroups(orphans, async ({ id, version }) => {
      const isDone = await succeeds(id, async () => {
        if ((await heartbeats.remove(id, version)) === 'changed') return
        found.orphaned += 1
        found.repaired += 1
      })
      if (!isDone) found.failed += 1
    })
  }
}

function noteBroken(found: Findings, broken: readonly string[]): void {
  found.failed += broken.length
  for (const check of broken) warn('sync-failed', { check, error: 'unreadable' })
}

/** One bad check must not keep the others from being synced. */
async function succeeds(check: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    warn('sync-failed', { check, error: nameOf(error) })
    return false
  }
}

async function inGroups<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += CONCURRENT_WRITES) {
    await Promise.all(items.slice(start, start + CONCURRENT_WRITES).map(work))
  }
}

const dynamo = makeDynamoClient()

export const handler = makeSyncHandler({
  registry: new Registry(dynamo, required('REGISTRY_TABLE')),
  heartbeats: new Heartbeats(dynamo, required('HEARTBEATS_TABLE')),
  clock,
})
