import { clockSpanAt } from './clock-spans.ts'
import { expressionsOf } from './on-calendar.ts'
import { type CalendarSchedule, nextRunBy } from './schedule.ts'
import { canonicalTimeZone } from './time-zones.ts'

/** What a change of the clocks does to a run. */
export type ClockNote = {
  /** When the clocks change. */
  readonly at: number
  /** The local time of the run, as if in UTC. */
  readonly localAt: number
  /** Skipped and left out; skipped and made up for right after; repeated, and run so often. */
  readonly effect: 'left-out' | 'made-up' | 'once' | 'twice'
}

type Terms = {
  readonly schedule: CalendarSchedule
  readonly timeZone: string
  readonly now: number
  /** The shortest time between two runs. */
  readonly gapSeconds: number
}

const HOUR_MS = 3_600_000
const YEAR_MS = 366 * 24 * HOUR_MS
/** A year of no zone has more. */
const MOST_CHANGES = 6
/** What runs more often than this hardly knows of changes of the clocks. */
const SHORTEST_GAP_SECONDS = 6 * 3600

/** What changes of the clocks do to the runs of the next year. */
export function clockNotes(terms: Terms): readonly ClockNote[] {
  const { schedule, timeZone, now, gapSeconds } = terms
  if (gapSeconds < SHORTEST_GAP_SECONDS || namesZone(schedule)) return []
  const changes: number[] = []
  let { endsAt } = clockSpanAt(timeZone, now)
  while (endsAt < now + YEAR_MS && changes.length < MOST_CHANGES) {
    changes.push(endsAt)
    endsAt = clockSpanAt(timeZone, endsAt).endsAt
  }
  return changes.flatMap((at) => noteOf(terms, at) ?? [])
}

/** An expression with a zone of its own goes by other clocks. */
function namesZone({ kind, expression }: CalendarSchedule): boolean {
  return kind === 'oncalendar' && expressionsOf(expression).some((each) => each.timeZone)
}

function noteOf({ schedule, timeZone }: Terms, at: number): ClockNote | undefined {
  const before = clockSpanAt(timeZone, at - 1).offsetMs
  const shift = clockSpanAt(timeZone, at).offsetMs - before
  const runIn = (zone: string, from: number, to: number) =>
    nextRunBy(to - 1, { schedule, timeZone: zone, after: from - 1 })
  if (shift < 0) {
    const first = runIn(timeZone, at + shift, at)
    const again = runIn(timeZone, at, at - shift)
    if (first === undefined) return undefined
    return { at, localAt: first + before, effect: again === undefined ? 'once' : 'twice' }
  }
  const unchanged = unchangingZone(before)
  const skipped = unchanged === undefined ? undefined : runIn(unchanged, at, at + shift)
  if (skipped === undefined) return undefined
  const isMadeUp = runIn(timeZone, at, at + 1) !== undefined
  return { at, localAt: skipped + before, effect: isMadeUp ? 'made-up' : 'left-out' }
}

/** A zone whose clocks always show this; only whole hours have one. Its sign is the other way. */
function unchangingZone(offsetMs: number): string | undefined {
  const hours = offsetMs / HOUR_MS
  return canonicalTimeZone(
    hours === 0 ? 'UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`,
  )
}
