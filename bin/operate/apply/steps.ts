import type { ApiMethod } from '../api/project-api.ts'
import type { CheckNames } from './check-wire.ts'
import type { Difference } from './spelling.ts'

export type Thing = 'channel' | 'check' | 'window'

/** What is done to one thing. `compare` sends secrets: the project may have others. */
export type StepAction = 'create' | 'change' | 'compare' | 'delete'

export type Step = {
  readonly action: StepAction
  readonly thing: Thing
  readonly name: string
  readonly differences: readonly Difference[]
  /** What the API is asked, once all that the request names has an id. */
  readonly request: (names: CheckNames) => ApiRequest
}

export type ApiRequest = {
  readonly method: ApiMethod
  readonly path: string
  readonly body?: object
}

/** What is done, in order. Steps of one stage don't depend on each other. */
export type ProjectPlan = {
  readonly stages: readonly (readonly Step[])[]
  /** What stays as it is. */
  readonly unchanged: number
  /** What the file's mark is on, and the file does not have any more. */
  readonly left: readonly string[]
  /** Checks that would alert nobody. */
  readonly silent: readonly string[]
}

/** What a plan changes, in order. What is only compared is no change. */
export function changesOf({ stages }: Pick<ProjectPlan, 'stages'>): readonly Step[] {
  return stages.flat().filter(({ action }) => action !== 'compare')
}
