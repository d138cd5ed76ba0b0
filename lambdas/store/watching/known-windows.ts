import {
  type PlannedFor,
  plannedForChecks,
  windowsOf,
} from '../../domain/watching/check-windows.ts'
import type { HeartbeatState } from '../../domain/watching/heartbeat.ts'
import type { PlannedTime } from '../../domain/watching/planned-time.ts'
import { noWindows, type ProjectWindows, type Window } from '../../domain/watching/window.ts'
import { nameOf, warn } from '../../runtime/log.ts'
import type { Operations } from './operations.ts'

/** How long a reading is used. Whoever changes a window does not wait for the second. */
const FRESH_MS = 5_000
/** Nobody looks farther ahead: what windows put off then is seen in time. */
const HORIZON_MS = 31 * 86_400_000
/** Readings are forgotten once they are so many: an instance may see all projects. */
const MOST_KEPT = 1000

type Known = { readonly all: ProjectWindows; readonly plannedFor: PlannedFor }
type Reading = { readonly known: Promise<Known>; readonly until: number }
type Planned = Pick<HeartbeatState, 'windows'>

/**
 * The windows of projects for readers only, read again every few seconds. Those that can't be read
 * count as none: it is better to tell an alert in a window than not to.
 */
export class KnownWindows {
  readonly #operations: Pick<Operations, 'windows'>
  readonly #readings = new Map<string, Reading>()

  constructor(operations: Pick<Operations, 'windows'>) {
    this.#operations = operations
  }

  /** The windows that concern a check. */
  async concerning({ windows }: Planned, now: number): Promise<readonly Window[]> {
    if (windows === undefined) return []
    return windowsOf((await this.#read(windows.projectId, now)).all, windows)
  }

  /** The time that windows plan for a check; undefined for none. */
  async plannedFor({ windows }: Planned, now: number): Promise<PlannedTime | undefined> {
    return windows && (await this.#read(windows.projectId, now)).plannedFor(windows)
  }

  async #read(projectId: string, now: number): Promise<Known> {
    const reading = this.#reading(projectId, now)
    try {
      return await reading.known
    } catch (error) {
      // Whoever asks next asks again.
      if (this.#readings.get(projectId) === reading) this.#readings.delete(projectId)
      warn('windows-unknown', { project: projectId, error: nameOf(error) })
      return { all: noWindows, plannedFor: () => undefined }
    }
  }

  #reading(projectId: string, now: number): Reading {
    const before = this.#readings.get(projectId)
    if (before !== undefined && now < before.until) return before
    if (this.#readings.size >= MOST_KEPT) this.#readings.clear()
    const reading = { known: this.#ask(projectId, now + HORIZON_MS), until: now + FRESH_MS }
    this.#readings.set(projectId, reading)
    return reading
  }

  async #ask(projectId: string, horizon: number): Promise<Known> {
    const all = (await this.#operations.windows(projectId)) ?? noWindows
    return { all, plannedFor: plannedForChecks(all, horizon) }
  }
}
