import type { Author } from '../domain/people/audit.ts'
import type { Check } from '../domain/watching/check.ts'
import { keptBySource } from '../domain/watching/managed-by.ts'
import { inGroups } from '../runtime/groups.ts'
import type { Registry } from '../store/registry/registry.ts'
import { auditWrites, type NotingDeps } from './audit-writes.ts'
import { auditedChange } from './check-audit.ts'

export type FreeChecksDeps = NotingDeps & {
  readonly registry: Pick<Registry, 'checks' | 'updateCheck'>
}

/** How many checks people keep from now on, and how many changed meanwhile and have to wait. */
export type Freed = { readonly freed: number; readonly left: number }

const WRITES_AT_A_TIME = 10

/**
 * Gives the checks of a project that a database has kept to people. What pings read of them does
 * not change; the registry's stream brings the new version there.
 */
export async function freeChecks(
  deps: FreeChecksDeps,
  projectId: string,
  author: () => Author,
): Promise<Freed> {
  const kept = (await deps.registry.checks(projectId)).filter(
    ({ managedBy }) => managedBy === keptBySource,
  )
  const outcomes = await inGroups(kept, WRITES_AT_A_TIME, (check) => free(deps, check, author()))
  const freed = outcomes.filter((outcome) => outcome === 'written').length
  return { freed, left: kept.length - freed }
}

async function free(
  deps: FreeChecksDeps,
  check: Check,
  by: Author,
): Promise<'written' | 'changed' | 'missing'> {
  const { managedBy: _, ...rest } = check
  const after = { ...rest, version: check.version + 1 }
  return deps.registry.updateCheck(check, after, {
    beside: auditWrites(deps, by, auditedChange(check, after)),
  })
}
