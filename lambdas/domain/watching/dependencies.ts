import type { Check } from './check.ts'

/**
 * Checks and all that these depend on, by whatever way. A check that is among those that it would
 * depend on would wait for itself.
 */
export function dependenciesOf(
  ids: readonly string[],
  checks: readonly Pick<Check, 'id' | 'rules'>[],
): ReadonlySet<string> {
  const parentsOf = new Map(checks.map(({ id, rules }) => [id, rules?.dependsOn ?? []]))
  const reached = new Set(ids)
  // A set hands out what is added while it is walked, each once.
  for (const id of reached) for (const parent of parentsOf.get(id) ?? []) reached.add(parent)
  return reached
}
