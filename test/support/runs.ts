import { nextRunAt, type Schedule } from '../../lambdas/domain/schedule/schedule.ts'

/** The runs of a schedule later than `after`, at most `count` of them. */
export function runsOf(
  schedule: Schedule,
  timeZone: string,
  after: number,
  count: number,
): readonly number[] {
  const runs: number[] = []
  for (
    let at = nextRunAt(schedule, timeZone, after);
    at !== undefined && runs.length < count;
    at = nextRunAt(schedule, timeZone, at)
  )
    runs.push(at)
  return runs
}
