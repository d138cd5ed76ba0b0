import type { Author } from '../domain/people/audit.ts'
import type { Check } from '../domain/watching/check.ts'
import { newCheck } from '../domain/watching/new-check.ts'
import type { Seams } from '../runtime/backoff.ts'
import { publication, type PublicationDeps } from '../store/publishing.ts'
import type { CreationTerms } from '../store/registry/registry-writes.ts'
import type { Registry } from '../store/registry/registry.ts'
import { type NotingDeps, auditWrites } from './audit-writes.ts'
import { auditedCreation } from './check-audit.ts'

export type AddCheckDeps = PublicationDeps &
  NotingDeps & {
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
 * Stores a new check with what pings need of it and what notes it. It takes one transaction: a
 * create that fails leaves nothing, so that trying again makes no second check.
 */
export async function addCheck(
  deps: AddCheckDeps,
  check: Check,
  { pingKey, terms, by }: Addition,
): Promise<'created' | 'full' | 'raced'> {
  const beside = [
    ...publication(deps, check, pingKey),
    ...auditWrites(deps, by, auditedCreation(check)),
  ]
  return deps.registry.createCheck(check, terms, beside)
}

type Addition = {
  readonly pingKey: string
  readonly terms: CreationTerms
  readonly by: Author
}
