import type { Alias } from './domain/watching/lookup.ts'
import type { Project } from './domain/people/project.ts'
import {
  afterProvision,
  parseAlias,
  type Provisioned,
  type Provisions,
} from './domain/watching/provisioning.ts'
import { addCheck, type AddCheckDeps, makeCheck } from './managing/add-check.ts'
import { backOff } from './runtime/backoff.ts'
import { type Clock, clock } from './runtime/clock.ts'
import { required } from './runtime/environment.ts'
import { log } from './runtime/log.ts'
import { type Random, random } from './runtime/random.ts'
import { makeDynamoClient } from './store/items/client.ts'
import { Heartbeats } from './store/watching/heartbeats.ts'
import { Lookups } from './store/registry/lookups.ts'
import { publish, type PublishDeps } from './store/publishing.ts'
import { Registry } from './store/registry/registry.ts'

export type ProvisionDeps = AddCheckDeps &
  PublishDeps & {
    readonly registry: Pick<Registry, 'projectOf' | 'census' | 'checks' | 'channelNames'>
    readonly lookups: Pick<Lookups, 'checksBehind'>
    readonly clock: Clock
    readonly random: Random
  }

const TRIES = 20
/**
 * How often a full project is looked at: another run may be about to tell pings of the check that
 * filled it.
 */
const TRIES_WHEN_FULL = 4

/**
 * Makes the check that a ping by slug asks for, unless there is one: in the registry, which the
 * ping itself can't reach, at the revision of its census, so that of those who ask at the same time
 * one makes it and the others find it (docs/decisions/0005).
 */
export function makeProvisionHandler(
  deps: ProvisionDeps,
): (event: unknown) => Promise<Provisioned> {
  return async (event) => {
    const alias = parseAlias(event)
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const outcome = await provision(deps, alias)
      if (outcome === 'full' && attempt + 1 >= TRIES_WHEN_FULL) return { refusal: 'unknown' }
      if (outcome !== 'full' && outcome !== 'raced') return outcome
      await backOff(attempt, deps)
    }
    throw new Error(`other checks were provisioned in the same project at ${TRIES} tries`)
  }
}

async function provision(
  deps: ProvisionDeps,
  alias: Alias,
): Promise<Provisioned | 'full' | 'raced'> {
  const project = await deps.registry.projectOf(alias.pingKey)
  if (project === undefined) return { refusal: 'unknown' }
  const { checks: count, revision, provisions: before } = await deps.registry.census(project.id)
  const provisions = afterProvision(before, deps.clock.now())
  if (count >= project.checkLimit) return withoutRoom(deps, alias, 'full')
  if (provisions === undefined) return withoutRoom(deps, alias, { refusal: 'limited' })
  const [check, ...others] = (await deps.registry.checks(project.id)).filter(
    ({ slug }) => slug === alias.slug,
  )
  if (others.length > 0) return { refusal: 'ambiguous' }
  if (check === undefined) return create(deps, project, { slug: alias.slug, revision, provisions })
  // The registry's stream sees to it, too; this is for the ping that waits.
  await publish(deps, check, project.pingKey)
  return { checkId: check.id, isNew: false }
}

/**
 * Without a look at all checks of the project: it would cost as much at each ping of a job that
 * comes too late.
 */
async function withoutRoom<T extends Provisioned | 'full'>(
  { lookups }: ProvisionDeps,
  alias: Alias,
  otherwise: T,
): Promise<Provisioned | T> {
  const [checkId, ...others] = await lookups.checksBehind(alias)
  if (others.length > 0) return { refusal: 'ambiguous' }
  return checkId === undefined ? otherwise : { checkId, isNew: false }
}

type Wanted = { readonly slug: string; readonly revision: number; readonly provisions: Provisions }

async function create(
  deps: ProvisionDeps,
  project: Project,
  { slug, revision, provisions }: Wanted,
): Promise<Provisioned | 'full' | 'raced'> {
  const channelIds = (await deps.registry.channelNames(project.id)).map(({ id }) => id).sort()
  const check = { ...makeCheck(deps, project.id), name: slug, slug, channelIds }
  const terms = { limit: project.checkLimit, revision, provisions }
  const outcome = await addCheck(deps, check, { pingKey: project.pingKey, terms })
  if (outcome !== 'created') return outcome
  log('check-provisioned', { check: check.id, project: project.id })
  return { checkId: check.id, isNew: true }
}

const dynamo = makeDynamoClient()

export const handler = makeProvisionHandler({
  registry: new Registry(dynamo, required('REGISTRY_TABLE')),
  heartbeats: new Heartbeats(dynamo, required('HEARTBEATS_TABLE')),
  lookups: new Lookups(dynamo, required('LOOKUPS_TABLE')),
  clock,
  random,
})
