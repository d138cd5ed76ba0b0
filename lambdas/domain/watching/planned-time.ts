import type { Interval } from './impairment.ts'

/**
 * The time that a check's windows plan for it, in which it need not run: finds the first stretch
 * that ends after an instant and begins by `until`, windows that overlap or touch taken together.
 * A window holds from its start until just before its end.
 */
export type PlannedTime = (after: number, until: number) => Required<Interval> | undefined
