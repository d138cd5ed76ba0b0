import { makeOwnDatabase } from './aws/own-database.ts'
import { parseAlias, type Provisioned } from './domain/watching/provisioning.ts'
import { provisionCheck, type ProvisionDeps } from './managing/provision-check.ts'
import { clock } from './runtime/clock.ts'
import { required } from './runtime/environment.ts'
import { random } from './runtime/random.ts'
import { Audits } from './store/people/audits.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'
import { Lookups } from './store/registry/lookups.ts'
import { Registry } from './store/registry/registry.ts'

/** Makes the check that a ping by slug asks for. The ping function may not do that itself. */
export function makeProvisionHandler(
  deps: ProvisionDeps,
): (event: unknown) => Promise<Provisioned> {
  return async (event) => provisionCheck(deps, parseAlias(event))
}

const database = makeOwnDatabase()

export const handler = makeProvisionHandler({
  registry: new Registry(database, required('REGISTRY_TABLE')),
  heartbeats: new Heartbeats(database, required('HEARTBEATS_TABLE')),
  audits: new Audits(database, required('JOURNAL_TABLE')),
  lookups: new Lookups(database, required('LOOKUPS_TABLE')),
  clock,
  random,
})
