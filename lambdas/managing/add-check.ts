import { type Check, definitionOf } from '../domain/watching/check.ts'
import { lookupOf } from '../domain/watching/lookup.ts'
import { newCheck } from '../domain/watching/new-check.ts'
import type { Seams } from '../runtime/backoff.ts'
import type { Lookups } from '../store/registry/lookups.ts'
import type { CreationTerms } from '../store/registry/registry-writes.ts'
import type { Registry } from '../store/registry/registry.ts'
import type { Heartbeats } from '../store/watching/heartbeats.ts'

export type AddCheckDeps = {
  readonly registry: Pick<Registry, 'createCheck'>
  readonly heartbeats: Pick<Heartbeats, 'creation'>
  readonly lookups: Pick<Lookups, 'creation'>
}

/** A check that nobody has said anything of yet, with ids of its own. */
export function makeCheck({ clock, random }: Seams, projectId: string): Check {
  return newCheck({
    id: random.uuid(),
    projectId,
    createdAt: clock.now(),
    badgeKey: random.uuid(),
  })
}

/**
 * Stores a new check with what pings need of it. It takes one transaction: a create that fails
 * leaves nothing, so that trying again makes no second check.
 */
export async function addCheck(
  { registry, heartbeats, lookups }: AddCheckDeps,
  check: Check,
  { pingKey, terms }: { readonly pingKey: string; readonly terms: CreationTerms },
): Promise<'created' | 'full' | 'raced'> {
  const known = [
    heartbeats.creation(check.id, definitionOf(check)),
    ...lookups.creation(check.id, lookupOf(check, pingKey)),
  ]
  return registry.createCheck(check, terms, known)
}
