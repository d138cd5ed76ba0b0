import type { Run } from '../invariant.ts'

/** Whether nothing fails in a run, and flips are taken all the time. */
export function isCalm({ world: { faults } }: Run): boolean {
  return faults.areNone && faults.noAlerts[1] === 0
}

/** The same, and sweeps look for what is overdue all the time. */
export function isSwept(run: Run): boolean {
  return isCalm(run) && run.world.faults.noSweeps[1] === 0
}
