import type { Project } from '../domain/people/project.ts'
import type { Alias } from '../domain/watching/lookup.ts'
import {
  afterProvision,
  type Provisioned,
  type Provisions,
} from '../domain/watching/provisioning.ts'
import type { Seams } from '../runtime/backoff.ts'
import { log } from '../runtime/log.ts'
import { publish, type PublishDeps } from '../store/publishing.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { Registry } from '../store/registry/registry.ts'
import { addCheck, type AddCheckDeps, makeCheck } from './add-check.ts'
import { allChannelIds } from './chosen-channels.ts'
import { mostTries, persistently } from './persistently.ts'

export type ProvisionDeps = AddCheckDeps &
  PublishDeps &
  Seams & {
    readonly registry: Pick<Registry, 'projectOf' | 'census' | 'checks' | 'channelNames'>
    readonly lookups: Pick<Lookups, 'checksBehind'>
  }

/** Tries in a full project: another run may be about to publish the check that filled it. */
const TRIES_WHEN_FULL = 4

/**
 * Makes the check that a ping by slug asks for, unless there is one. It is made in the registry,
 * which the ping itself can't reach, at the revision of its census: of several who ask at the same
 * time one makes it, and the others find it (docs/decisions/0005).
 */
export async function provisionCheck(deps: ProvisionDeps, alias: Alias): Promise<Provisioned> {
  const provisioned = await persistently(deps, async (before): Promise<Provisioned | 'raced'> => {
    const outcome = await provision(deps, alias)
    if (outcome !== 'full') return outcome
    return before + 1 < TRIES_WHEN_FULL ? 'raced' : { refusal: 'unknown' }
  })
  if ('refusal' in provisioned && provisioned.refusal === 'contended')
    throw new Error(`other checks were provisioned in the same project at ${mostTries} tries`)
  return provisioned
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
  // The registry's stream does so too; this is for the ping that waits.
  await publish(deps, check, project.pingKey)
  return { checkId: check.id, isNew: false }
}

/** Reads the slug's lookup only: reading all checks would cost much at each ping of such a job. */
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
  const channelIds = allChannelIds(await deps.registry.channelNames(project.id))
  const check = { ...makeCheck(deps, project.id), name: slug, slug, channelIds }
  const terms = { limit: project.checkLimit, revision, provisions }
  const by = { actor: { kind: 'ping' }, requestId: deps.random.uuid() } as const
  const outcome = await addCheck(deps, check, { pingKey: project.pingKey, terms, by })
  if (outcome !== 'created') return outcome
  log('check-provisioned', { check: check.id, project: project.id })
  return { checkId: check.id, isNew: true }
}
