import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import { driftOf } from '../domain/watching/drift.ts'
import type { ProjectWindows } from '../domain/watching/window.ts'
import { log } from '../runtime/log.ts'
import { readEach } from '../store/items/read-each.ts'
import { publishDefinition, publishLookup, unpublish } from '../store/publishing.ts'
import {
  changedItemName,
  changeOf,
  type CheckRevision,
  type PingKeyChange,
  type RegistryChange,
} from '../store/registry/registry-stream.ts'
import type { SyncDeps } from './deps.ts'
import { each, succeeds } from './each.ts'
import { readOnce } from './read-once.ts'
import { followWindows, assignWindows } from './windows.ts'

/**
 * The newest of several changes of one check says all, and so it is with windows of one project. A
 * change that fails is reported by its record, so that it comes again. A record that can't be read
 * is logged and passed over, since it would hold up all behind it for an hour; the daily comparison
 * finds the drift, and fails.
 */
export async function follow(
  deps: SyncDeps,
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBBatchResponse> {
  const failed: DynamoDBRecord[] = []
  const newest = new Map<string, Recorded<CheckRevision>>()
  const planned = new Map<string, DynamoDBRecord>()
  for (const change of readEach(records, readChange, { nameOf: changedItemName })) {
    const { record, check } = change
    if (!(await followProject(deps, change))) failed.push(record)
    if (check !== undefined) note(newest, { ...check, record })
    if (change.planned !== undefined) planned.set(change.planned, record)
  }
  failed.push(...(await followChecks(deps, [...newest.values()])))
  for (const [projectId, record] of planned)
    if (!(await succeeds('', () => followWindows(deps, projectId)))) failed.push(record)
  return {
    batchItemFailures: failed.map((record) => ({
      itemIdentifier: record.dynamodb?.SequenceNumber ?? '',
    })),
  }
}

/** Tags that changed on the way to the newest have changed. */
function note(newest: Map<string, Recorded<CheckRevision>>, change: Recorded<CheckRevision>): void {
  const known = newest.get(change.id)
  const isRetagged = change.isRetagged || known?.isRetagged === true
  const isNewer = change.version >= (known?.version ?? 0)
  newest.set(change.id, { ...(isNewer ? change : (known ?? change)), isRetagged })
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
  const known: Known = {
    pingKeyOf: readOnce(async (projectId) => (await deps.registry.project(projectId))?.pingKey),
    windowsOf: readOnce((projectId) => deps.windows.of(projectId)),
  }
  await each(changes, async (change) => {
    const lags = {
      heartbeat: driftOf(change.version, versions.get(change.id)) !== undefined,
      lookup: driftOf(change.version, lookups.get(change.id)?.version) !== undefined,
    }
    const isDone = await succeeds(change.id, async () => {
      if (lags.heartbeat || lags.lookup) await apply(deps, known, { ...change, lags })
      if (lags.heartbeat || change.isRetagged) await planAnew(deps, known, change)
    })
    if (!isDone) failed.push(change.record)
  })
  return failed
}

type Lags = { readonly lags: { readonly heartbeat: boolean; readonly lookup: boolean } }

/** What is read of each project once a batch. */
type Known = {
  readonly pingKeyOf: (projectId: string) => Promise<string | undefined>
  readonly windowsOf: (projectId: string) => Promise<ProjectWindows>
}

async function planAnew(
  deps: SyncDeps,
  { windowsOf }: Known,
  { id, check }: CheckRevision,
): Promise<void> {
  const all = check && (await windowsOf(check.projectId))
  if (check === undefined || all === undefined || all.windows.length === 0) return
  const { failed } = await assignWindows(deps, all, { checks: [check], haveChanged: false })
  if (failed > 0) throw new Error(`windows of check ${id} are not written`)
}

async function apply(
  deps: SyncDeps,
  { pingKeyOf }: Known,
  change: CheckRevision & Lags,
): Promise<void> {
  const { id, version, check, lags } = change
  if (check === undefined) await unpublish(deps, id, version)
  else {
    if (lags.heartbeat) await publishDefinition(deps, check)
    if (lags.lookup) await publishLookup(deps, check, await pingKeyOf(check.projectId))
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

/** Another ping key changes all slug URLs of its project. */
async function moveAliases(deps: SyncDeps, projectId: string): Promise<void> {
  const project = await deps.registry.project(projectId)
  const checks = project === undefined ? [] : await deps.registry.checks(projectId)
  let failed = 0
  await each(checks, async (check) => {
    const isMoved = await succeeds(check.id, async () => {
      await publishLookup(deps, check, project?.pingKey)
    })
    if (!isMoved) failed += 1
  })
  if (failed > 0)
    throw new Error(`aliases of ${failed} of ${checks.length} checks could not be moved`)
  log('aliases-moved', { project: projectId, checks: checks.length })
}
