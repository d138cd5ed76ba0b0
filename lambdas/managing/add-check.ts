import type { Check } from '../domain/watching/check.ts'
import { newCheck } from '../domain/watching/new-check.ts'
import type { Seams } from '../runtime/backoff.ts'
import { publication, type PublicationDeps } from '../store/publishing.ts'
import type { CreationTerms } from '../store/registry/registry-writes.ts'
import type { Registry } from '../store/registry/registry.ts'

export type AddCheckDeps = PublicationDeps & {
  readonly registry: Pick<Registry, 'createCheck'>
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
  deps: AddCheckDeps,
  check: Check,
  { pingKey, terms }: { readonly pingKey: string; readonly terms: CreationTerms },
): Promise<'created' | 'full' | 'raced'> {
  return deps.registry.createCheck(check, terms, publication(deps, check, pingKey))
}
