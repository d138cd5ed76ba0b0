import type { Interval } from './impairment.ts'
import type { ManagedBy } from './managed-by.ts'
import type { PlannedTime } from './planned-time.ts'
import { type CalendarSchedule, nextRunBy } from '../schedule/schedule.ts'

/** A time in which jobs of a project need not run: once, or again and again. */
export type Window = {
  readonly id: string
  /** Its number in the project, below `windowLimit`. Heartbeats know it by this. */
  readonly number: number
  /** The revision of the project's windows that brought it. */
  readonly since: number
  readonly name: string
  /**
   * Separated by spaces: it is for checks with any of them, or for all checks if there are none.
   */
  readonly tags: string
  readonly lengthSeconds: number
  readonly times: WindowTimes
  /** Absent where people keep it. */
  readonly managedBy?: ManagedBy
}

export type WindowTimes =
  | { readonly kind: 'once'; readonly startAt: number }
  | { readonly kind: 'recurring'; readonly schedule: CalendarSchedule; readonly timeZone: string }

/** The windows of a project. The revision grows by one with each change of them. */
export type ProjectWindows = { readonly revision: number; readonly windows: readonly Window[] }

export const noWindows: ProjectWindows = { revision: 0, windows: [] }

export const windowLimit = 100
export const windowSeconds = { least: 60, most: 2_592_000 } as const

export function isWindowLength(seconds: number): boolean {
  return seconds >= windowSeconds.least && seconds <= windowSeconds.most
}

/** A window holds from the start of a stretch until just before its end. */
export type Stretch = Required<Interval>

/** The stretch of a window that is under way, or the next one; undefined when all are past. */
export function stretchAt(window: Window, now: number): Stretch | undefined {
  return stretchBy(Infinity, window, now)
}

/** The first stretch that ends after an instant, unless it begins later than `until`. */
function stretchBy(
  until: number,
  { times, lengthSeconds }: Window,
  after: number,
): Stretch | undefined {
  const lengthMs = lengthSeconds * 1000
  const startedAt = startBy(until, times, after - lengthMs)
  return startedAt === undefined ? undefined : { startedAt, endedAt: startedAt + lengthMs }
}

function startBy(until: number, times: WindowTimes, after: number): number | undefined {
  switch (times.kind) {
    case 'once':
      return times.startAt > after && times.startAt <= until ? times.startAt : undefined
    case 'recurring':
      return nextRunBy(until, { ...times, after })
  }
}

/** A window that holds, and the end of its stretch. Another one may follow. */
export type HoldingWindow = { readonly name: string; readonly endsAt: number }

export function holdingAt(windows: readonly Window[], now: number): readonly HoldingWindow[] {
  return windows.flatMap((window): readonly HoldingWindow[] => {
    const stretch = stretchBy(now, window, now)
    return stretch === undefined ? [] : [{ name: window.name, endsAt: stretch.endedAt }]
  })
}

/**
 * The time that windows plan, up to a horizon: what lies beyond plans nothing, and a stretch that
 * reaches beyond is not followed to its end. Stretches are kept, as many checks ask for the same.
 */
export function plannedTimeOf(windows: readonly Window[], horizon = Infinity): PlannedTime {
  const known: Known[] = []
  return (after, until) => {
    if (after > horizon) return undefined
    const index = firstEndingAfter(known, after)
    let found = known[index]
    if (found === undefined || found.from > after) {
      found = { from: after, stretch: jointStretch(windows, after, horizon) }
      known.splice(index, 0, found)
    }
    const { stretch } = found
    return stretch !== undefined && stretch.startedAt <= until ? stretch : undefined
  }
}

/** The first stretch that ends after any instant from `from` on, and before its own end. */
type Known = { readonly from: number; readonly stretch: Stretch | undefined }

/** A binary search, because one owner's windows can put thousands of stretches into the list. */
function firstEndingAfter(known: readonly Known[], after: number): number {
  let [low, high] = [0, known.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((known[middle]?.stretch?.endedAt ?? Infinity) > after) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Windows may follow each other without end, in steps of a minute at least. Whoever asks for what
 * comes after the end found here finds the next part.
 */
const MOST_LOOKS = 100

/** The first stretch that ends after an instant, with all that overlap it or touch its end. */
function jointStretch(
  windows: readonly Window[],
  after: number,
  horizon: number,
): Stretch | undefined {
  const stretches = windows.flatMap((window) => stretchAt(window, after) ?? [])
  if (stretches.length === 0) return undefined
  const startedAt = Math.min(...stretches.map((stretch) => stretch.startedAt))
  let endedAt = startedAt
  for (let looks = 0; looks <= MOST_LOOKS && endedAt <= horizon; looks += windows.length) {
    const reached = Math.max(...windows.map((window) => reachFrom(window, endedAt)))
    if (reached <= endedAt) break
    endedAt = reached
  }
  return { startedAt, endedAt }
}

/** How far a window goes on from an instant; the instant itself when it does not. */
function reachFrom(window: Window, at: number): number {
  // A late stretch reaches farther than the first, and is looked for before it.
  const late = at + Math.floor((window.lengthSeconds * 15) / 16) * 1000
  return (stretchBy(at, window, late) ?? stretchBy(at, window, at))?.endedAt ?? at
}

/** What is said of a window; the rest comes with its making. */
export type WindowFields = Omit<Window, 'id' | 'number' | 'since'>

/** The windows with one more, by the lowest number that is free; undefined when all are taken. */
export function withWindow(
  { revision, windows }: ProjectWindows,
  id: string,
  fields: WindowFields,
): ProjectWindows | undefined {
  const taken = new Set(windows.map(({ number }) => number))
  const numbers = Array.from({ length: windowLimit }, (_, number) => number)
  const number = numbers.find((each) => !taken.has(each))
  if (number === undefined) return undefined
  const next = revision + 1
  return { revision: next, windows: [...windows, { ...fields, id, number, since: next }] }
}

/** Windows that were restored, with numbers of their own and as young as their revision. */
export function restoredWindows(
  windows: readonly (WindowFields & Pick<Window, 'id'>)[],
  revision: number,
): ProjectWindows {
  return {
    revision,
    windows: windows.map((window, number) => ({ ...window, number, since: revision })),
  }
}

/** The windows with one changed, or taken away where nothing is put in its place. */
export function withReplaced(
  { revision, windows }: ProjectWindows,
  id: string,
  replacement: Window | undefined,
): ProjectWindows {
  const next = windows.flatMap((window) => (window.id === id ? (replacement ?? []) : window))
  return { revision: revision + 1, windows: next }
}
