import { type Check, tagsOf } from './check.ts'
import type { CheckWindows } from './heartbeat.ts'
import type { PlannedTime } from './planned-time.ts'
import { plannedTimeOf, type ProjectWindows, type Window } from './window.ts'

/** What the heartbeat of a check has to know of its project's windows; undefined for nothing. */
export function windowsFor(
  { revision, windows }: ProjectWindows,
  check: Pick<Check, 'projectId' | 'tags'>,
): CheckWindows | undefined {
  const tags = tagsOf(check)
  const numbers = windows.filter((window) => concerns(window, tags)).map(({ number }) => number)
  if (numbers.length === 0) return undefined
  const { projectId } = check
  return { projectId, revision, numbers: numbers.toSorted((one, other) => one - other) }
}

function concerns(window: Window, tags: readonly string[]): boolean {
  const wanted = tagsOf(window)
  return wanted.length === 0 || wanted.some((tag) => tags.includes(tag))
}

/**
 * The windows that concern a check by what its heartbeat knows of them. A window that is younger
 * than that has the number of another, which is gone.
 */
export function windowsOf(
  { windows }: ProjectWindows,
  { numbers, revision }: CheckWindows,
): readonly Window[] {
  return windows.filter(({ number, since }) => since <= revision && numbers.includes(number))
}

/** Finds the time that a project's windows plan for a heartbeat; undefined for none. */
export type PlannedFor = (stored: CheckWindows) => PlannedTime | undefined

/** Heartbeats that the same windows concern share what is found for them. */
export function plannedForChecks(all: ProjectWindows, horizon?: number): PlannedFor {
  const found = new Map<string, PlannedTime>()
  return (stored) => {
    const windows = windowsOf(all, stored)
    if (windows.length === 0) return undefined
    const key = windows.map(({ number }) => number).join()
    const planned = found.get(key) ?? plannedTimeOf(windows, horizon)
    found.set(key, planned)
    return planned
  }
}

/** Whether what a heartbeat knows leads to the same windows as what it has to know. */
export function areKnown(
  all: ProjectWindows,
  stored: CheckWindows | undefined,
  wanted: CheckWindows | undefined,
): boolean {
  if (stored === undefined || wanted === undefined) return stored === wanted
  return (
    stored.projectId === wanted.projectId &&
    stored.numbers.join() === wanted.numbers.join() &&
    windowsOf(all, stored).length === wanted.numbers.length
  )
}
