/**
 * How much work a search for a run may still do. It counts the years, months and changes of the
 * clocks that are looked at, some 20 ns each. Unlike time, the count does not depend on how busy
 * the machine is.
 */
export type Budget = { left: number }

/** The costliest schedules take a quarter of it (test/domain/schedule/cost.test.ts). */
const MOST_LOOKS = 10_000

export function newBudget(): Budget {
  return { left: MOST_LOOKS }
}

/** @throws ScheduleTooCostly once all is spent. */
export function spend(budget: Budget): void {
  budget.left -= 1
  if (budget.left < 0) throw new ScheduleTooCostly()
}

/** A schedule takes so long to evaluate that other checks would have to wait for it. */
export class ScheduleTooCostly extends Error {
  override readonly name = 'ScheduleTooCostly'

  constructor() {
    super(`a schedule must be evaluated within ${MOST_LOOKS} looks at the calendar`)
  }
}
