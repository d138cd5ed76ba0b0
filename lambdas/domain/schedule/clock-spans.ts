import { memoized } from './memo.ts'

/** A time through which the clocks of a zone keep their distance to UTC. */
export type ClockSpan = {
  readonly startsAt: number
  /** Exclusive. */
  readonly endsAt: number
  readonly offsetMs: number
  /**
   * The latest local time that clocks have shown before, as if in UTC. It is the local start, unless clocks were changed:
   * earlier than that when they were put forward, later when they were put back.
   */
  readonly reached: number
}

const dayMs = 86_400_000
/** Spans are cut at windows, so that only times that are asked for are looked up. */
const windowMs = 32 * dayMs
/** No zone changes its clocks twice within four days; Gaza's six in 2054 are the fewest. */
const probeMs = 4 * dayMs

/** The span that an instant lies in. */
export function clockSpanAt(timeZone: string, at: number): ClockSpan {
  const spansOf = windowsOf(timeZone)
  return spansOf(Math.floor(at / windowMs)).reduce((found, span) => (span.startsAt <= at ? span : found))
}

/** Asking Intl for one offset takes microseconds, making its formatter a fifth of a millisecond. There are about 600 zones. */
const windowsOf = memoized(600, (timeZone: string) => {
  const offsetAt = offsetReader(timeZone)
  return memoized(100, (window: number) => spansBetween(offsetAt, window * windowMs, (window + 1) * windowMs))
})

type OffsetReader = (at: number) => number

/** Begins a day early: clocks put back just before `from` still repeat an hour after it. */
function spansBetween(offsetAt: OffsetReader, from: number, to: number): readonly ClockSpan[] {
  const early = from - dayMs
  const edges = [...new Set([early, ...changesBetween(offsetAt, early, from), from, ...changesBetween(offsetAt, from, to)])]
  let reached = -Infinity
  const spans = edges.map((startsAt, index) => {
    const [offsetMs, endsAt] = [offsetAt(startsAt), edges[index + 1] ?? to]
    const span = { startsAt, endsAt, offsetMs, reached }
    reached = Math.max(reached, endsAt + offsetMs)
    return span
  })
  return spans.filter(({ startsAt }) => startsAt >= from)
}

function changesBetween(offsetAt: OffsetReader, from: number, to: number): readonly number[] {
  if (to - from > probeMs) return [...changesBetween(offsetAt, from, from + probeMs), ...changesBetween(offsetAt, from + probeMs, to)]
  return offsetAt(from) === offsetAt(to) ? [] : [firstSecondAfterChange(offsetAt, from, to)]
}

/** Halves the time between until the second is found: from four days, in 19 steps. */
function firstSecondAfterChange(offsetAt: OffsetReader, from: number, to: number): number {
  if (to - from <= 1000) return to
  const middle = Math.floor((from + to) / 2000) * 1000
  return offsetAt(middle) === offsetAt(from) ? firstSecondAfterChange(offsetAt, middle, to) : firstSecondAfterChange(offsetAt, from, middle)
}

function offsetReader(timeZone: string): OffsetReader {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  return (at) => {
    const [, sign = '+', hours = 0, minutes = 0, seconds = 0] = /GMT([+-])(\d+):(\d+):?(\d+)?$/.exec(format.format(at)) ?? []
    const offsetSeconds = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    return (sign === '-' ? -1000 : 1000) * offsetSeconds
  }
}
