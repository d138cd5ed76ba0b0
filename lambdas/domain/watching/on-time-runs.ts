import { nextRunAt, type Schedule } from '../schedule/schedule.ts'
import type { Leeway } from './leeway.ts'
import type { Rules } from './rules.ts'
import type { Span } from './spans.ts'
import { type History, type StatusSpan, statusSpansOf } from './uptime.ts'

/** How many runs were expected in a time, and how many of them had succeeded by their deadlines. */
export type OnTimeRuns = { readonly expected: number; readonly onTime: number }

/** By what the runs of a check are judged: all of it as it is now. */
export type RunTerms = {
  readonly schedule: Schedule
  readonly timeZone: string
  readonly graceSeconds: number
  readonly rules?: Rules | undefined
  readonly leeway: Leeway
}

/** A run an hour for ninety days; each takes some 10 µs. Of more, time says as much. */
const MOST_RUNS = 2500

/**
 * The runs of a cron or OnCalendar schedule whose deadlines lie in a time that is not later than
 * now. One was on time if the check was up at its deadline: without a success from the run on it
 * would have been down by then. Not counted are runs before the first ping, while the check was
 * paused, in planned time, and while pings could not be taken. Undefined where flips don't say:
 * with a period, whose runs depend on pings, with rules by which a check is up without a success or
 * down after one, and for very many runs.
 */
export function onTimeRunsOf(
  history: History,
  terms: RunTerms,
  range: Span,
): OnTimeRuns | undefined {
  const { schedule, timeZone, graceSeconds, rules, leeway } = terms
  if (schedule.kind === 'simple' || isTolerant(rules)) return undefined
  const watched = makeStatusDuring(statusSpansOf(history, range))
  let [expected, onTime, before] = [0, 0, range.from - 1]
  for (let looked = 0; looked <= MOST_RUNS; looked += 1) {
    const run = nextRunAt(schedule, timeZone, before)
    const deadline = (run ?? Infinity) + graceSeconds * 1000
    if (run === undefined || deadline >= range.to) return { expected, onTime }
    const status = isExcused(leeway, before, deadline) ? undefined : watched(run, deadline)
    if (status !== undefined) expected += 1
    if (status === 'up') onTime += 1
    before = run
  }
  return undefined
}

function isTolerant({ failures, successes, maxRuntimeSeconds }: Rules = {}): boolean {
  return failures !== undefined || successes !== undefined || maxRuntimeSeconds !== undefined
}

/** A deadline may have been put off by an impairment since the run before. */
function isExcused({ intervals, planned }: Leeway, before: number, deadline: number): boolean {
  return (
    planned?.(deadline, deadline) !== undefined ||
    intervals.some(({ startedAt, endedAt = Infinity }) => startedAt <= deadline && endedAt > before)
  )
}

/**
 * Tells what a check was at the end of a stretch; undefined unless it was up or down in all of it.
 * Stretches are asked for in order.
 */
function makeStatusDuring(spans: readonly StatusSpan[]) {
  let first = 0
  return (from: number, to: number): 'up' | 'down' | undefined => {
    while ((spans[first]?.to ?? Infinity) <= from) first += 1
    let at = from
    for (let index = first; index < spans.length; index += 1) {
      const span = spans[index]
      if (span === undefined || span.from > at) return undefined
      if (span.status !== 'up' && span.status !== 'down') return undefined
      if (to < span.to) return span.status
      at = span.to
    }
    return undefined
  }
}
