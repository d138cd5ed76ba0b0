import type { Author } from '../domain/people/audit.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Lookup } from '../domain/watching/lookup.ts'
import { newCheck } from '../domain/watching/new-check.ts'
import type { Seams } from '../runtime/backoff.ts'
import type { Write } from '../runtime/database.ts'
import { publication, type PublicationDeps } from '../store/publishing.ts'
import type { CreationTerms } from '../store/registry/registry-writes.ts'
import type { Registry } from '../store/registry/registry.ts'
import { type NotingDeps, auditWrites } from './audit-writes.ts'
import { auditedCreation } from './check-audit.ts'

export type AddCheckDeps = BesideDeps & { readonly registry: Pick<Registry, 'createCheck'> }
export type AddChecksDeps = BesideDeps & { readonly registry: Pick<Registry, 'createChecks'> }

/** For what is written beside a new check. */
type BesideDeps = PublicationDeps & NotingDeps

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
  { pingKey, terms, by }: GroupTerms & { readonly by: Author },
): Promise<'created' | 'full' | 'raced'> {
  return deps.registry.createCheck(check, terms, writesBeside(deps, { check, by }, pingKey))
}

/** The most checks of one `addChecks`: a transaction takes 100 writes, and a check is seven. */
export const mostAddedAtOnce = 14

/**
 * Stores some new checks of a project, all or none. No two may have the same slug, whose lookup is
 * one item.
 */
export async function addChecks(
  deps: AddChecksDeps,
  [projectId, additions]: readonly [projectId: string, additions: readonly Addition[]],
  { pingKey, terms }: GroupTerms,
): Promise<'created' | 'full' | 'raced'> {
  const checks = additions.map(({ check }) => check)
  const beside = additions.flatMap((addition) => writesBeside(deps, addition, pingKey))
  return deps.registry.createChecks(projectId, { checks, beside }, terms)
}

/** A new check, who makes it, and what an earlier check of its id has left where pings look. */
export type Addition = {
  readonly check: Check
  readonly by: Author
  readonly buried?: Lookup | undefined
}

/** The key of the project, and the limit that it must keep. */
type GroupTerms = { readonly pingKey: string; readonly terms: CreationTerms }

function writesBeside(
  deps: BesideDeps,
  { check, by, buried }: Addition,
  pingKey: string,
): readonly Write[] {
  return [
    ...publication(deps, { check, pingKey, buried }),
    ...auditWrites(deps, by, auditedCreation(check)),
  ]
}
