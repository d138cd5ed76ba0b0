import type { Interval } from './impairment.ts'
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
export function stretchAt({ times, lengthSeconds }: Window, now: number): Stretch | undefined {
  const lengthMs = lengthSeconds * 1000
  const startedAt = startAfter(times, now - lengthMs)
  return startedAt === undefined ? undefined : { startedAt, endedAt: startedAt + lengthMs }
}

function startAfter(times: WindowTimes, after: number): number | undefined {
  switch (times.kind) {
    case 'once':
      return times.startAt > after ? times.startAt : undefined
    case 'recurring':
      return nextRunBy(Infinity, { ...times, after })
  }
}

/** A window that holds, and how long it does, stretches that follow without a gap included. */
export type HoldingWindow = { readonly name: string; readonly endsAt: number }

export function holdingAt(windows: readonly Window[], now: number): readonly HoldingWindow[] {
  return windows.flatMap((window): readonly HoldingWindow[] => {
    const stretch = plannedTimeOf([window])(now, now)
    return stretch === undefined ? [] : [{ name: window.name, endsAt: stretch.endedAt }]
  })
}

/**
 * The time that windows plan. Answers are kept, as many checks ask for the same stretch.
 * @param horizon a stretch that reaches beyond it is not followed to its end
 */
export function plannedTimeOf(windows: readonly Window[], horizon = Infinity): PlannedTime {
  let known: { readonly from: number; readonly stretch: Stretch | undefined } | undefined
  return (after, until) => {
    if (known === undefined || after < known.from || after >= (known.stretch?.endedAt ?? Infinity))
      known = { from: after, stretch: jointStretch(windows, after, horizon) }
    const { stretch } = known
    return stretch !== undefined && stretch.startedAt <= until ? stretch : undefined
  }
}

/**
 * Windows may follow each other without end, in steps of a minute at least. Whoever asks for what
 * comes after the end found here finds the next part.
 */
const MOST_STEPS = 100

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
  for (let step = 0; step < MOST_STEPS && endedAt <= horizon; step += 1) {
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
  const stretch = [late, at]
    .map((from) => stretchAt(window, from))
    .find((each) => each !== undefined && each.startedAt <= at)
  return stretch?.endedAt ?? at
}

/** What is said of a window; the rest comes with its making. */
export type WindowFields = Pick<Window, 'name' | 'tags' | 'lengthSeconds' | 'times'>

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
