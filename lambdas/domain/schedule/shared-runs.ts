import { type CalendarSchedule, nextRunBy } from './schedule.ts'

/**
 * Finds the next run after a ping; infinity when there is none by the horizon. Pings between the
 * same two runs of a schedule and zone share one evaluation.
 */
export function makeNextRunOf(
  horizon: number,
  nextRun = nextRunBy,
): (schedule: CalendarSchedule, timeZone: string, after: number) => number {
  const shared = new Map<string, Known[]>()
  return (schedule, timeZone, after) => {
    const key = `${schedule.expression}\0${timeZone}`
    const known = shared.get(key) ?? []
    if (known.length === 0) shared.set(key, known)
    const index = firstLaterThan(known, after)
    const next = known[index]
    if (next !== undefined && next.from <= after) return next.runAt
    const runAt = nextRun(horizon, { schedule, timeZone, after }) ?? Infinity
    if (next?.runAt === runAt) next.from = after
    else known.splice(index, 0, { from: after, runAt })
    return runAt
  }
}

/** The next run of every ping from `from` until that run. */
type Known = { from: number; readonly runAt: number }

/**
 * The index of the first run later than an instant, in ascending runs. A binary search, because one
 * owner's checks can put thousands of runs into the list.
 */
function firstLaterThan(known: readonly Known[], after: number): number {
  let [low, high] = [0, known.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((known[middle]?.runAt ?? Infinity) > after) high = middle
    else low = middle + 1
  }
  return low
}
