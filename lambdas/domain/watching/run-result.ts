import type { FailedRun } from './down-cause.ts'

/**
 * How a run of a check that tolerates failures ended. Failures are known with their instants while
 * the check is up; once it is down, its cause has those that counted, and marks are left.
 */
export type RunResult = 'success' | 'failure' | FailedRun

export function failuresIn(results: readonly RunResult[]): number {
  return results.filter((result) => result !== 'success').length
}

/** How many ends of runs there were since the first of them. */
export type Ends = { readonly from: number; readonly count: number }

export function isFailedRun(result: RunResult): result is FailedRun {
  return typeof result !== 'string'
}

/** Whether a run failed without a ping that ended it. */
export function isMiss(result: RunResult): boolean {
  return isFailedRun(result) && (result.kind === 'missed' || result.kind === 'unfinished')
}
