import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import { definitionOf } from '../domain/watching/check.ts'
import { driftOf } from '../domain/watching/drift.ts'
import { lookupOf } from '../domain/watching/lookup.ts'
import { stateLossOf } from '../domain/watching/state-loss.ts'
import { log } from '../runtime/log.ts'
import { readEach } from '../store/items/read-each.ts'
import {
  changedItemName,
  changeOf,
  type CheckRevision,
  type PingKeyChange,
  type RegistryChange,
} from '../store/registry/registry-stream.ts'
import type { SyncDeps } from './deps.ts'
import { each, succeeds } from './each.ts'
import { PingKeys } from './ping-keys.ts'

/**
 * Of several changes of one check the newest says all. One that fails is reported by its record, so
 * that it comes again. One that can't be read is named and passed over, since it would keep all
 * behind it for an hour: the daily comparison finds what came of it, and fails.
 */
export async function follow(
  deps: SyncDeps,
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBBatchResponse> {
  const failed: DynamoDBRecord[] = []
  const newest = new Map<string, Recorded<CheckRevision>>()
  for (const change of readEach(records, readChange, { nameOf: changedItemName })) {
    const { record, check } = change
    if (!(await followProject(deps, change))) failed.push(record)
    if (check !== undefined && check.version >= (newest.get(check.id)?.version ?? 0))
      newest.set(check.id, { ...check, record })
  }
  failed.push(...(await followChecks(deps, [...newest.values()])))
  return {
    batchItemFailures: failed.map((record) => ({
      itemIdentifier: record.dynamodb?.SequenceNumber ?? '',
    })),
  }
}

type Recorded<T> = T & { readonly record: DynamoDBRecord }

function readChange(record: DynamoDBRecord): Recorded<RegistryChange> {
  return { ...changeOf(record), record }
}

async function followChecks(
  deps: SyncDeps,
  changes: readonly Recorded<CheckRevision>[],
): Promise<readonly DynamoDBRecord[]> {
  const failed: DynamoDBRecord[] = []
  const ids = changes.map(({ id }) => id)
  const [versions, lookups] = await Promise.all([
    deps.heartbeats.versions(ids),
    deps.lookups.readMany(ids),
  ])
  const pingKeys = new PingKeys(deps.registry)
  await each(changes, async (change) => {
    const lags = {
      heartbeat: driftOf(change.version, versions.get(change.id)) !== undefined,
      lookup: driftOf(change.version, lookups.get(change.id)?.version) !== undefined,
    }
    if (lags.heartbeat || lags.lookup) {
      if (!(await succeeds(change.id, () => apply(deps, pingKeys, { ...change, lags }))))
        failed.push(change.record)
    }
  })
  return failed
}

type Lags = { readonly lags: { readonly heartbeat: boolean; readonly lookup: boolean } }

/**
 * A deleted check is out of the lookups first: provisioning its slug again must not find the old
 * one beside the new.
 */
async function apply(
  { heartbeats, lookups, clock }: SyncDeps,
  pingKeys: PingKeys,
  change: CheckRevision & Lags,
): Promise<void> {
  const { id, version, check, lags } = change
  if (check === undefined) {
    if (lags.lookup) await lookups.bury(id, version, clock.now())
    if (lags.heartbeat) await heartbeats.bury(id, version, clock.now())
  } else {
    if (lags.heartbeat)
      await heartbeats.define(id, definitionOf(check), stateLossOf(check, clock.now()))
    if (lags.lookup) await lookups.define(id, lookupOf(check, await pingKeys.of(check.projectId)))
  }
  log('synced', { check: id, version, deleted: check === undefined })
}

async function followProject(
  deps: SyncDeps,
  { pingKey, renamed }: RegistryChange,
): Promise<boolean> {
  if (pingKey === undefined && renamed === undefined) return true
  return succeeds('', async () => {
    if (pingKey !== undefined) await followPingKey(deps, pingKey)
    if (renamed !== undefined) await moveAliases(deps, renamed)
  })
}

async function followPingKey(
  { lookups }: SyncDeps,
  { pingKey, projectId }: PingKeyChange,
): Promise<void> {
  const isKnown = await lookups.isPingKey(pingKey)
  if (projectId === undefined && isKnown) await lookups.removePingKey(pingKey)
  if (projectId !== undefined && !isKnown) await lookups.addPingKey(pingKey, projectId)
}

/** With another ping key, all slug URLs of a project are others. */
async function moveAliases({ registry, lookups }: SyncDeps, projectId: string): Promise<void> {
  const project = await registry.project(projectId)
  const checks = project === undefined ? [] : await registry.checks(projectId)
  let failed = 0
  await each(checks, async (check) => {
    const isMoved = await succeeds(check.id, async () => {
      await lookups.define(check.id, lookupOf(check, project?.pingKey))
    })
    if (!isMoved) failed += 1
  })
  if (failed > 0)
    throw new Error(`aliases of ${failed} of ${checks.length} checks could not be moved`)
  log('aliases-moved', { project: projectId, checks: checks.length })
}
