import { memoized } from './memo.ts'
import { offsetsOf } from './zone-data.ts'

/**
 * A span of time in which a zone's offset to UTC stays the same. The first span begins at minus
 * infinity, and the last ends at infinity.
 */
export type ClockSpan = {
  readonly startsAt: number
  /** Exclusive. */
  readonly endsAt: number
  readonly offsetMs: number
  /**
   * The latest local time that clocks showed before this span, as if in UTC. It is earlier than the
   * local start when clocks were put forward, later when they were put back. Clocks that were put
   * back by some time were never changed again within that time.
   */
  readonly reached: number
}

/** The span that an instant lies in. */
export function clockSpanAt(timeZone: string, at: number): ClockSpan {
  const spans = spansOf(timeZone)
  let [found, end] = [0, spans.length]
  while (end - found > 1) {
    const middle = (found + end) >> 1
    if ((spans[middle]?.startsAt ?? Infinity) <= at) found = middle
    else end = middle
  }
  return spans[found] as ClockSpan
}

/** As many as there are names of zones. */
const spansOf = memoized(600, (timeZone: string): readonly ClockSpan[] => {
  const offsets = offsetsOf(timeZone)
  return offsets.map(({ startsAt, offsetMs }, index) => {
    const endsAt = offsets[index + 1]?.startsAt ?? Infinity
    return { startsAt, endsAt, offsetMs, reached: startsAt + (offsets[index - 1]?.offsetMs ?? 0) }
  })
})
