import { windowsOf } from '../../domain/watching/check-windows.ts'
import type { HeartbeatState } from '../../domain/watching/heartbeat.ts'
import { noWindows, type ProjectWindows, type Window } from '../../domain/watching/window.ts'
import { nameOf, warn } from '../../runtime/log.ts'
import type { Operations } from './operations.ts'

/** How long a reading is used. Whoever changes a window does not wait for the second. */
const FRESH_MS = 5_000
/** Readings are forgotten once they are so many: an instance may see all projects. */
const MOST_KEPT = 1000

type Reading = { readonly windows: Promise<ProjectWindows | undefined>; readonly until: number }

/** The windows of projects for readers only, read again every few seconds. */
export class KnownWindows {
  readonly #operations: Pick<Operations, 'windows'>
  readonly #known = new Map<string, Reading>()

  constructor(operations: Pick<Operations, 'windows'>) {
    this.#operations = operations
  }

  /**
   * The windows that concern a check. Those that can't be read count as none: it is better to tell
   * an alert in a window than not to.
   */
  async concerning(
    { windows }: Pick<HeartbeatState, 'windows'>,
    now: number,
  ): Promise<readonly Window[]> {
    return windows === undefined ? [] : windowsOf(await this.of(windows.projectId, now), windows)
  }

  /** All windows of a project, none if they can't be read. */
  async of(projectId: string, now: number): Promise<ProjectWindows> {
    const reading = this.#reading(projectId, now)
    try {
      return (await reading.windows) ?? noWindows
    } catch (error) {
      // Whoever asks next asks again.
      if (this.#known.get(projectId) === reading) this.#known.delete(projectId)
      warn('windows-unknown', { project: projectId, error: nameOf(error) })
      return noWindows
    }
  }

  #reading(projectId: string, now: number): Reading {
    const known = this.#known.get(projectId)
    if (known !== undefined && now < known.until) return known
    if (this.#known.size >= MOST_KEPT) this.#known.clear()
    const reading = { windows: this.#operations.windows(projectId), until: now + FRESH_MS }
    this.#known.set(projectId, reading)
    return reading
  }
}
