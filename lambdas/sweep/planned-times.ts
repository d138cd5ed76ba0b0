import { type PlannedFor, plannedForChecks } from '../domain/watching/check-windows.ts'
import type { CheckWindows, HeartbeatState } from '../domain/watching/heartbeat.ts'
import type { PlannedTime } from '../domain/watching/planned-time.ts'
import { noWindows } from '../domain/watching/window.ts'
import { nameOf } from '../runtime/log.ts'
import type { Operations } from '../store/watching/operations.ts'

/** Finds the time that windows plan for a heartbeat; undefined for none. */
export type PlannedTimes = (
  heartbeat: Pick<HeartbeatState, 'windows'>,
) => Promise<PlannedTime | undefined>

export type PlannedTimesDeps = {
  readonly operations: Pick<Operations, 'windows'>
  /** Nobody looks farther than that. */
  readonly horizon: number
  /** Notes a project whose windows can't be read. */
  readonly fail: (project: string, error: string) => void
}

/** The windows of a project, as they are since a revision at least. */
type Reading = { readonly since: number; readonly windows: Promise<Read> }
type Read = { readonly revision: number; readonly plannedFor: PlannedFor }

/**
 * Reads the windows of each project once, and again only for a heartbeat that knows newer ones. If
 * they can't be read, people are told of what they would have excused.
 */
export function makePlannedTimes(deps: PlannedTimesDeps): PlannedTimes {
  const readings = new Map<string, Reading>()
  const readingFor = ({ projectId, revision }: CheckWindows): Promise<Read> => {
    const before = readings.get(projectId)
    if (before !== undefined && revision <= before.since) return before.windows
    const again = (known: Read) => (revision <= known.revision ? known : read(deps, projectId))
    const windows = before === undefined ? read(deps, projectId) : before.windows.then(again)
    readings.set(projectId, { since: revision, windows })
    return windows
  }
  return async ({ windows }) => windows && (await readingFor(windows)).plannedFor(windows)
}

async function read(
  { operations, horizon, fail }: PlannedTimesDeps,
  projectId: string,
): Promise<Read> {
  try {
    const all = (await operations.windows(projectId)) ?? noWindows
    return { revision: all.revision, plannedFor: plannedForChecks(all, horizon) }
  } catch (error) {
    fail(projectId, nameOf(error))
    return { revision: noWindows.revision, plannedFor: () => undefined }
  }
}
