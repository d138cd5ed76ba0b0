import type { Run } from '../invariant.ts'
import { resultsOf } from '../../../lambdas/store/watching/run-results-item.ts'
import { type RunRules, runRulesOf } from '../../../lambdas/store/watching/run-rules-item.ts'
import { type Beat, itemsOf } from './history.ts'

/** The rules of a heartbeat on runs. */
export function runRulesIn({ R }: Beat): RunRules {
  return R === undefined ? {} : runRulesOf(R)
}

/** How many of the results that lie in a heartbeat are failures. */
export function failuresIn({ g = '' }: Beat): number {
  return resultsOf(g).filter((result) => result !== 'success').length
}

/** When the misses were that lie in a heartbeat, in their order. */
function missesIn({ g = '' }: Beat): readonly number[] {
  return resultsOf(g)
    .filter((result) => typeof result !== 'string')
    .filter(({ kind }) => kind === 'missed' || kind === 'unfinished')
    .map(({ at }) => at)
}

/** The miss that a write noted without bringing its check down; undefined where it noted none. */
export function missNoted(before: Beat, after: Beat): number | undefined {
  const [known, newest] = [missesIn(before).at(-1), missesIn(after).at(-1)]
  return newest !== undefined && newest > (known ?? -Infinity) ? newest : undefined
}

/**
 * What the registry holds of the telling of a check; of checks with rules it stays as it was made.
 */
export type ToldBy = {
  readonly repeatSeconds: number | undefined
  readonly parents: readonly string[]
}

export function toldBy(run: Run, checkId: string): ToldBy {
  const check = itemsOf(run, 'Registry').find(({ id }) => id === checkId)
  const rules = (check?.['rules'] ?? {}) as {
    readonly repeatSeconds?: number
    readonly dependsOn?: readonly string[]
  }
  return { repeatSeconds: rules.repeatSeconds, parents: rules.dependsOn ?? [] }
}
