import type { Impairment, Interval } from './impairment.ts'

/**
 * What is known of the intake of pings. The canary is a ping of our own through the public
 * endpoint; the other signal is what the ping function reports of itself.
 */
export type Intake = {
  /** When the last canary that got through was sent. */
  readonly lastGoodAt?: number
  /** Since canaries began to fail, until enough of them get through again. */
  readonly trouble?: Trouble
  /** When pings could not be taken: oldest first, disjoint, all ended. */
  readonly intervals: readonly Interval[]
}

export type Trouble = {
  /** The last good canary before it. */
  readonly startedAt: number
  /** The first canary that failed. */
  readonly failedAt: number
  /** Whether the other signal agreed. */
  readonly isConfirmed: boolean
  /** The first canary since which all got through. */
  readonly goodSince?: number
  /** The same, since the other signal last agreed that there is trouble. */
  readonly cleanSince?: number
}

export type Observation = {
  /** When the canary was sent. */
  readonly sentAt: number
  /** Whether the canary got through. */
  readonly isThrough: boolean
  /** Whether the other signal saw trouble; false where it was not asked. */
  readonly agrees: boolean
}

const MINUTE_MS = 60_000

export const noIntake: Intake = { intervals: [] }

/** A canary alone is believed for so long: CloudWatch shows errors a minute or two late. */
export const SUSPICION_MS = 180_000
/** How long canaries have to get through until a trouble is over. */
export const CLEAN_MS = 60_000
/**
 * How long canaries have to get through when the other signal does not become quiet: a spilled ping
 * that can't be recorded may wait for days.
 */
export const LONGEST_ECHO_MS = 600_000
/**
 * Bounds an item that is read often: each interval takes some 40 bytes. A forgotten interval can
 * make a deadline earlier by the longest hold at most.
 */
export const KEPT_INTERVALS = 100

/**
 * The intake after an observation. Runs that overlap may write theirs late, so one older than the
 * last good canary is ignored.
 */
export function afterObservation(intake: Intake, seen: Observation): Intake {
  if (seen.sentAt < (intake.lastGoodAt ?? -Infinity)) return intake
  return seen.isThrough ? afterGood(intake, seen) : afterBad(intake, seen)
}

function afterBad({ trouble, ...rest }: Intake, { sentAt, agrees }: Observation): Intake {
  const startedAt = trouble?.startedAt ?? rest.lastGoodAt ?? sentAt
  const isConfirmed = (trouble?.isConfirmed ?? false) || agrees
  return { ...rest, trouble: { startedAt, failedAt: trouble?.failedAt ?? sentAt, isConfirmed } }
}

function afterGood({ trouble, ...rest }: Intake, { sentAt, agrees }: Observation): Intake {
  const good = { ...rest, lastGoodAt: sentAt }
  if (trouble === undefined) return good
  const { isConfirmed, failedAt, startedAt } = trouble
  // While the other signal shows a confirmed trouble, the clean minute begins anew.
  const cleanSince = isConfirmed && agrees ? sentAt : (trouble.cleanSince ?? sentAt)
  const goodSince = trouble.goodSince ?? sentAt
  const isOver = sentAt - cleanSince >= CLEAN_MS || sentAt - goodSince >= LONGEST_ECHO_MS
  if (!isOver)
    return {
      ...good,
      trouble: { ...trouble, isConfirmed: isConfirmed || agrees, goodSince, cleanSince },
    }
  if (isConfirmed || agrees)
    return {
      ...good,
      intervals: [...rest.intervals, { startedAt, endedAt: sentAt }].slice(-KEPT_INTERVALS),
    }
  return sentAt < failedAt + SUSPICION_MS
    ? { ...good, trouble: { ...trouble, goodSince, cleanSince } }
    : good
}

/**
 * The instant since which the other signal has to be asked about, once the canary's result is
 * known. To confirm a trouble, it is the start of that trouble; to see a confirmed one end, it is
 * when canaries began to get through again. Undefined when the other signal need not be asked.
 */
export function signalWantedSince(
  { lastGoodAt, trouble }: Intake,
  { sentAt, isThrough }: Omit<Observation, 'agrees'>,
): number | undefined {
  if (trouble === undefined) return isThrough ? undefined : (lastGoodAt ?? sentAt)
  if (!trouble.isConfirmed) return trouble.startedAt
  // From the next full minute: what this one counts may be of before.
  return isThrough && trouble.cleanSince !== undefined
    ? Math.ceil(trouble.cleanSince / MINUTE_MS) * MINUTE_MS
    : undefined
}

/** Whether a trouble is believed: once two signals agree, and before that for a while. */
export function countsAt({ isConfirmed, failedAt }: Trouble, now: number): boolean {
  return isConfirmed || now < failedAt + SUSPICION_MS
}

/** The impairment at an instant: what has ended, and a trouble under way that is believed. */
export function impairmentAt(
  { trouble, intervals }: Intake,
  longestHoldMs: number,
  now: number,
): Impairment {
  return {
    intervals:
      trouble !== undefined && countsAt(trouble, now)
        ? [...intervals, { startedAt: trouble.startedAt }]
        : intervals,
    longestHoldMs,
  }
}
