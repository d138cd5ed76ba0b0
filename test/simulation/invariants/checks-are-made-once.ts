import { itemsOf } from '../oracle/history.ts'
import type { Invariant } from '../invariant.ts'

/**
 * What is made unless it is there is made once, by however many at a time; and a project's census
 * counts the checks that it has.
 */
export const checksAreMadeOnce: Invariant = {
  name: 'checks are made once',
  find(run) {
    const registry = itemsOf(run, 'Registry')
    const checks = registry.filter(({ sk }) => String(sk).startsWith('check#'))
    const upserted = Map.groupBy(
      checks.filter(
        ({ name, slug }) => name === 'upserted' || String(slug).startsWith('made-by-ping'),
      ),
      ({ projectId, name }) => `${String(name)} of ${String(projectId)}`,
    )
    return [
      ...[...upserted]
        .filter(([, found]) => found.length > 1)
        .map(([name, found]) => `${name} is there ${found.length} times`),
      ...registry
        .filter(({ sk }) => sk === 'census')
        .filter(
          ({ pk, checks: counted }) =>
            counted !== checks.filter(({ pk: own }) => own === pk).length,
        )
        .map(({ pk, checks: counted }) => `the census of ${String(pk)} counts ${String(counted)}`),
    ]
  },
}
