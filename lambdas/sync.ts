import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import { makeSdkDatabase } from './aws/sdk-database.ts'
import { clock } from './runtime/clock.ts'
import { required } from './runtime/environment.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'
import { Lookups } from './store/registry/lookups.ts'
import { Registry } from './store/registry/registry.ts'
import { Windows } from './store/registry/windows.ts'
import { Operations } from './store/watching/operations.ts'
import type { SyncDeps } from './sync/deps.ts'
import { follow } from './sync/follow.ts'
import { reconcile, type ReconcileReport } from './sync/reconcile.ts'

/**
 * Keeps the copies that pings need, definitions in heartbeats and lookups, equal to the registry:
 * change by change by its stream, or all at once by a reconcile. Versions are read before anything
 * is written, because a write costs a unit even when its condition fails.
 */
export function makeSyncHandler(
  deps: SyncDeps,
): (
  event: DynamoDBStreamEvent | { readonly reconcile: true },
) => Promise<DynamoDBBatchResponse | ReconcileReport> {
  return (event) => ('Records' in event ? follow(deps, event.Records) : reconcile(deps))
}

const database = makeSdkDatabase()

export const handler = makeSyncHandler({
  registry: new Registry(database, required('REGISTRY_TABLE')),
  heartbeats: new Heartbeats(database, required('HEARTBEATS_TABLE')),
  lookups: new Lookups(database, required('LOOKUPS_TABLE')),
  windows: new Windows(database, required('REGISTRY_TABLE')),
  operations: new Operations(database, required('OPERATIONS_TABLE')),
  clock,
})
