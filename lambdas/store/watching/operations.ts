import * as z from 'zod'
import type { Intake } from '../../domain/watching/intake.ts'
import type { ProjectWindows } from '../../domain/watching/window.ts'
import type { Database, Item } from '../../runtime/database.ts'
import { windowsKey } from '../keys.ts'
import { projectWindowsOf } from '../registry/windows-item.ts'

/** What a sweep leaves behind: when it began, and how many heartbeats it read. */
export type SweepMark = { readonly startedAt: number; readonly heartbeats: number }

/**
 * The intake of pings as it is known, the canary that shows it, and how far an impairment may put a
 * deadline off.
 */
export type IntakeRecord = {
  readonly intake: Intake
  readonly canaryId: string
  readonly longestHoldMs: number
  /** Grows by one with every write. */
  readonly revision: number
}

/** What the deployment knows of its own running. */
export class Operations {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  /** Notes the last run of the sweep, in place of the one before. */
  async markSweep(mark: SweepMark): Promise<void> {
    await this.#database.put({ table: this.#table, item: { key: 'sweep', ...mark } })
  }

  /**
   * Up to when untaken flips have been sent again (`nextResendAt`); the beginning of time when none
   * were.
   */
  async resentUntil(): Promise<number> {
    return Number((await this.#get('resent'))?.['until'] ?? -Infinity)
  }

  async markResent(until: number): Promise<void> {
    await this.#database.put({ table: this.#table, item: { key: 'resent', until } })
  }

  /** The intake as it is now; undefined before its first observation. */
  async intake(): Promise<IntakeRecord | undefined> {
    const item = await this.#get('intake')
    return item && recordOf(item)
  }

  /** Writes the intake in place of that of the revision before it. */
  async putIntake({ intake, ...record }: IntakeRecord): Promise<'written' | 'changed'> {
    const isFirst = record.revision === 1
    const { isWritten } = await this.#database.put({
      table: this.#table,
      item: { key: 'intake', ...record, ...intake },
      condition: isFirst ? 'attribute_not_exists(#revision)' : '#revision = :before',
      names: { '#revision': 'revision' },
      values: isFirst ? undefined : { ':before': record.revision - 1 },
    })
    return isWritten ? 'written' : 'changed'
  }

  /** The copy of a project's windows as it is now; undefined where there never were any. */
  async windows(projectId: string): Promise<ProjectWindows | undefined> {
    const item = await this.#get(windowsKey(projectId).key)
    return item && projectWindowsOf(item)
  }

  /** Replaces the copy, unless it is of this revision or a later one. */
  async putWindows(projectId: string, windows: ProjectWindows): Promise<'written' | 'stale'> {
    const { isWritten } = await this.#database.put({
      table: this.#table,
      item: { ...windowsKey(projectId), ...windows },
      condition: 'attribute_not_exists(#revision) OR #revision < :revision',
      names: { '#revision': 'revision' },
      values: { ':revision': windows.revision },
    })
    return isWritten ? 'written' : 'stale'
  }

  /** Whether the checks of a project know its windows as of this revision. */
  async areAssigned(projectId: string, revision: number): Promise<boolean> {
    const item = await this.#get(windowsKey(projectId).key)
    return item?.['assigned'] === revision
  }

  /** Notes that they do, unless the copy has changed since. */
  async markAssigned(projectId: string, windows: ProjectWindows): Promise<void> {
    await this.#database.put({
      table: this.#table,
      item: { ...windowsKey(projectId), ...windows, assigned: windows.revision },
      condition: '#revision = :revision',
      names: { '#revision': 'revision' },
      values: { ':revision': windows.revision },
    })
  }

  async removeWindows(projectId: string): Promise<void> {
    await this.#database.delete({ table: this.#table, key: windowsKey(projectId) })
  }

  #get(key: string): Promise<Item | undefined> {
    return this.#database.get({ table: this.#table, key: { key }, isCurrent: true })
  }
}

const troubleShape = z.object({
  startedAt: z.number(),
  failedAt: z.number(),
  isConfirmed: z.boolean(),
  goodSince: z.number().exactOptional(),
  cleanSince: z.number().exactOptional(),
})

const recordShape = z.object({
  canaryId: z.string(),
  longestHoldMs: z.number(),
  revision: z.number(),
  lastGoodAt: z.number().exactOptional(),
  trouble: troubleShape.exactOptional(),
  intervals: z.array(z.object({ startedAt: z.number(), endedAt: z.number() })),
})

function recordOf(item: Item): IntakeRecord {
  const { canaryId, longestHoldMs, revision, ...intake } = recordShape.parse(item)
  return { intake, canaryId, longestHoldMs, revision }
}
