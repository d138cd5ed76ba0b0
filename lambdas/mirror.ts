import { makeSdkDatabase } from './aws/sdk-database.ts'
import type { MirrorDeps } from './mirror/deps.ts'
import { mirror, type MirrorEvent, type MirrorReport } from './mirror/mirror.ts'
import { accessToSource, openSource } from './mirror/sql/access.ts'
import { clock } from './runtime/clock.ts'
import { required } from './runtime/environment.ts'
import { log } from './runtime/log.ts'
import { random } from './runtime/random.ts'
import { Audits } from './store/people/audits.ts'
import { Lookups } from './store/registry/lookups.ts'
import { Registry } from './store/registry/registry.ts'
import { AllChecks } from './store/source/all-checks.ts'
import { Attachments } from './store/source/attachments.ts'
import { RowFaults } from './store/source/faults.ts'
import { Holds } from './store/source/holds.ts'
import { MirrorMarks } from './store/source/mirror-marks.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'

/**
 * Keeps the registry equal to what a relational database says of checks: change by change each
 * minute, or all rows at once. It connects anew each time, because a run a minute is worth no pool.
 */
export function makeMirrorHandler(deps: MirrorDeps): (event: MirrorEvent) => Promise<MirrorReport> {
  return (event) => mirror(deps, event)
}

const database = makeSdkDatabase()

export const handler = makeMirrorHandler({
  registry: new Registry(database, required('REGISTRY_TABLE')),
  allChecks: new AllChecks(database, required('REGISTRY_TABLE')),
  attachments: new Attachments(database, required('REGISTRY_TABLE')),
  heartbeats: new Heartbeats(database, required('HEARTBEATS_TABLE')),
  lookups: new Lookups(database, required('LOOKUPS_TABLE')),
  audits: new Audits(database, required('JOURNAL_TABLE')),
  faults: new RowFaults(database, required('OPERATIONS_TABLE')),
  holds: new Holds(database, required('OPERATIONS_TABLE')),
  marks: new MirrorMarks(database, required('OPERATIONS_TABLE')),
  openSource: async () => openSource(await accessToSource(clock.now())),
  clock,
  random,
  log,
})
