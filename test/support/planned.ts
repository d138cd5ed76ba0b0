import type { PlannedTime } from '../../lambdas/domain/watching/planned-time.ts'
import { minute, start } from './builders.ts'

/** Planned time in minutes from `start`, as disjoint stretches in order. */
export function planned(stretches: readonly (readonly [from: number, to: number])[]): PlannedTime {
  return (after, until) =>
    stretches
      .map(([from, to]) => ({ startedAt: start + from * minute, endedAt: start + to * minute }))
      .find(({ startedAt, endedAt }) => endedAt > after && startedAt <= until)
}
