import { parseAlias, type Provisioned } from './domain/watching/provisioning.ts'
import { provisionCheck, type ProvisionDeps } from './managing/provision-check.ts'
import { clock } from './runtime/clock.ts'
import { required } from './runtime/environment.ts'
import { random } from './runtime/random.ts'
import { makeDynamoClient } from './store/items/client.ts'
import { Lookups } from './store/registry/lookups.ts'
import { Registry } from './store/registry/registry.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'

/** Makes the check that a ping by slug asks for, which the ping itself can't. */
export function makeProvisionHandler(
  deps: ProvisionDeps,
): (event: unknown) => Promise<Provisioned> {
  return async (event) => provisionCheck(deps, parseAlias(event))
}

const dynamo = makeDynamoClient()

export const handler = makeProvisionHandler({
  registry: new Registry(dynamo, required('REGISTRY_TABLE')),
  heartbeats: new Heartbeats(dynamo, required('HEARTBEATS_TABLE')),
  lookups: new Lookups(dynamo, required('LOOKUPS_TABLE')),
  clock,
  random,
})
