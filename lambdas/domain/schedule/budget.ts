/**
 * What looking for a run may still cost, counted in the years, months and changes of the clocks
 * that are looked at: an evaluation takes some 20 ns for each, whatever the machine is busy with.
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
