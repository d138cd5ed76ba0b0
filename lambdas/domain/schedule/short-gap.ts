import { nextRunBy, type Schedule } from './schedule.ts'

const YEAR_MS = 366 * 86_400_000
/**
 * Enough for a year of a run each half hour, and for months of one each few minutes: some hundred
 * milliseconds.
 */
const MOST_RUNS = 20_000

type Gaps = {
  readonly schedule: Schedule
  readonly timeZone: string
  readonly now: number
}

/**
 * The first time between two runs of the next year that is no longer than `longest`, in
 * milliseconds; undefined when there is none, or no two runs. A schedule that runs all the time is
 * looked at for less than that year.
 * @throws ScheduleTooCostly
 */
export function gapUpTo(longest: number, { schedule, timeZone, now }: Gaps): number | undefined {
  const until = now + YEAR_MS
  let before = nextRunBy(until, { schedule, timeZone, after: now })
  for (let looked = 0; looked < MOST_RUNS && before !== undefined; looked += 1) {
    const run = nextRunBy(until, { schedule, timeZone, after: before })
    if (run !== undefined && run - before <= longest) return run - before
    before = run
  }
  return undefined
}
