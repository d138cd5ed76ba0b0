import { windowsOf } from '../domain/watching/check-windows.ts'
import type { CheckWindows, HeartbeatState } from '../domain/watching/heartbeat.ts'
import type { PlannedTime } from '../domain/watching/planned-time.ts'
import { noWindows, plannedTimeOf, type ProjectWindows } from '../domain/watching/window.ts'
import { nameOf } from '../runtime/log.ts'
import type { Operations } from '../store/watching/operations.ts'

/** Finds the time that windows plan for a heartbeat; undefined for none. */
export type PlannedFor = (
  heartbeat: Pick<HeartbeatState, 'windows'>,
) => Promise<PlannedTime | undefined>

export type PlannedTimesDeps = {
  readonly operations: Pick<Operations, 'windows'>
  /** Nobody looks farther than that. */
  readonly horizon: number
  /** Notes a project whose windows can't be read. */
  readonly fail: (project: string, error: string) => void
}

/** The windows of a project as they are since a revision at least. */
type Reading = { readonly wanted: number; readonly windows: Promise<ProjectWindows> }

/**
 * Reads the windows of each project once, and again only for a heartbeat that knows newer ones. If
 * they can't be read, people are told of what they would have excused. Heartbeats that know the
 * same share what is found for them.
 */
export function makePlannedTimes({ operations, horizon, fail }: PlannedTimesDeps): PlannedFor {
  const readings = new Map<string, Reading>()
  const found = new Map<string, PlannedTime>()

  async function read(projectId: string): Promise<ProjectWindows> {
    try {
      return (await operations.windows(projectId)) ?? noWindows
    } catch (error) {
      fail(projectId, nameOf(error))
      return noWindows
    }
  }

  function known({ projectId, revision }: CheckWindows): Promise<ProjectWindows> {
    const before = readings.get(projectId)
    if (before !== undefined && revision <= before.wanted) return before.windows
    const again = (windows: ProjectWindows) =>
      revision <= windows.revision ? windows : read(projectId)
    const windows = before === undefined ? read(projectId) : before.windows.then(again)
    readings.set(projectId, { wanted: revision, windows })
    return windows
  }

  return async ({ windows }) => {
    if (windows === undefined) return undefined
    const all = await known(windows)
    const concerning = windowsOf(all, windows)
    if (concerning.length === 0) return undefined
    const key = [windows.projectId, all.revision, ...concerning.map(({ number }) => number)].join()
    const planned = found.get(key) ?? plannedTimeOf(concerning, horizon)
    found.set(key, planned)
    return planned
  }
}
