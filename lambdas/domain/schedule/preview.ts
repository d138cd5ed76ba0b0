import { type ClockNote, clockNotes } from './clock-notes.ts'
import { type CalendarSchedule, nextRunAt, type Schedule } from './schedule.ts'

export type PreviewTerms = {
  readonly schedule: Schedule
  readonly timeZone: string
  readonly graceSeconds: number
  /** How long before a run a success may be its ping; none where it is undefined. */
  readonly earlySeconds?: number | undefined
  readonly now: number
}

/** What a schedule means from now on, before a check has it. */
export type SchedulePreview = { readonly warnings: readonly ScheduleWarning[] } & (
  | {
      readonly kind: 'period'
      readonly periodSeconds: number
      /** How long after a ping somebody is told, if no other comes. */
      readonly toldAfterSeconds: number
    }
  | {
      readonly kind: 'calendar'
      readonly runs: readonly number[]
      /** When somebody is told, if nothing comes from the first run on. Absent without runs. */
      readonly toldAt?: number
      readonly clockNotes: readonly ClockNote[]
    }
)

export type ScheduleWarning =
  /** A missed run is not noticed while the next ones come within the grace time. */
  | { readonly kind: 'long-grace'; readonly gapSeconds: number }
  /** Grace and coming early must leave a gap: such a check is refused. */
  | { readonly kind: 'long-early'; readonly gapSeconds: number }
  /** Only runs that stand in the calendar can be come early for. */
  | { readonly kind: 'early-of-period' }
  /** Cron runs on either day where both day fields are set, though it reads like both. */
  | { readonly kind: 'either-day' }

const SHOWN_RUNS = 5
/** Gaps between so many runs are looked at. */
const MOST_RUNS = 50

/** @throws ScheduleTooCostly */
export function previewOf(terms: PreviewTerms): SchedulePreview {
  const { schedule } = terms
  return schedule.kind === 'simple'
    ? previewOfPeriod(schedule.periodSeconds, terms)
    : previewOfCalendar(schedule, terms)
}

function previewOfPeriod(
  periodSeconds: number,
  { graceSeconds, earlySeconds }: PreviewTerms,
): SchedulePreview {
  return {
    kind: 'period',
    periodSeconds,
    toldAfterSeconds: periodSeconds + graceSeconds,
    warnings: [
      ...longGrace(periodSeconds, graceSeconds),
      ...(earlySeconds === undefined ? [] : [{ kind: 'early-of-period' } as const]),
    ],
  }
}

function previewOfCalendar(
  schedule: CalendarSchedule,
  { timeZone, graceSeconds, earlySeconds, now }: PreviewTerms,
): SchedulePreview {
  const runs = runsOf(schedule, timeZone, now)
  const [first] = runs
  const gaps = runs.slice(1).map((at, index) => (at - (runs[index] ?? at)) / 1000)
  const gapSeconds = Math.min(...gaps)
  return {
    kind: 'calendar',
    runs: runs.slice(0, SHOWN_RUNS),
    ...(first === undefined ? {} : { toldAt: first + graceSeconds * 1000 }),
    clockNotes: clockNotes({ schedule, timeZone, now, gapSeconds }),
    warnings: [
      ...longGrace(gapSeconds, graceSeconds),
      ...longEarly(gapSeconds, graceSeconds, earlySeconds),
      ...(isOnEitherDay(schedule) ? [{ kind: 'either-day' } as const] : []),
    ],
  }
}

function runsOf(schedule: CalendarSchedule, timeZone: string, now: number): readonly number[] {
  const runs: number[] = []
  let next = nextRunAt(schedule, timeZone, now)
  while (next !== undefined && runs.length < MOST_RUNS) {
    runs.push(next)
    next = nextRunAt(schedule, timeZone, next)
  }
  return runs
}

function longGrace(gapSeconds: number, graceSeconds: number): readonly ScheduleWarning[] {
  return graceSeconds > gapSeconds ? [{ kind: 'long-grace', gapSeconds }] : []
}

/** As `soundnessOf` refuses it, if a gap of the next runs shows it already. */
function longEarly(
  gapSeconds: number,
  graceSeconds: number,
  earlySeconds: number | undefined,
): readonly ScheduleWarning[] {
  const isLong = earlySeconds !== undefined && earlySeconds + graceSeconds >= gapSeconds
  return isLong ? [{ kind: 'long-early', gapSeconds }] : []
}

/** As `parseCron` decides it. */
function isOnEitherDay({ kind, expression }: CalendarSchedule): boolean {
  const [, , day = '*', , weekday = '*'] = expression.trim().split(/\s+/)
  return kind === 'cron' && !day.startsWith('*') && !weekday.startsWith('*')
}
