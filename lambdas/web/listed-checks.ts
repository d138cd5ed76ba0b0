import { type ListedCheck, listStatusOf } from '../domain/watching/listing.ts'
import type { Check } from '../domain/watching/check.ts'
import type { Heartbeat } from '../domain/watching/heartbeat.ts'
import type { Leeway } from '../domain/watching/leeway.ts'
import { lossOf } from '../domain/watching/state-loss.ts'
import { statusAt } from '../domain/watching/status-at.ts'
import { watchedCheck } from '../managing/watched.ts'
import type { LeewayDeps } from '../store/holding.ts'
import type { HeartbeatLists } from '../store/watching/heartbeat-lists.ts'
import type { KnownIntake } from '../store/watching/known-intake.ts'
import { KeptChecks, type KeptDeps } from './kept-checks.ts'

export type ListedDeps = LeewayDeps &
  KeptDeps & {
    readonly heartbeats: Pick<HeartbeatLists, 'readMany' | 'readList' | 'readsByKeys'>
    readonly intake: Pick<KnownIntake, 'impairmentAt'>
  }

/**
 * A check of a list under its unique key, with what puts its deadline off, and whether what its
 * pings had left is lost.
 */
export type ListedWithLeeway = ListedCheck & {
  readonly key: string
  readonly leeway: Leeway
  readonly isLost: boolean
}

/** Where heartbeats are read one by one, those of a whole project are read so often. */
const COUNTED_MS = 60_000
const MOST_PROJECTS = 20

type Heartbeats = ReadonlyMap<string, Heartbeat>
type Counted = { readonly heartbeats: Heartbeats; readonly readAt: number }

/** The checks of projects as lists show them. */
export class ListedChecks {
  readonly #deps: ListedDeps
  readonly #kept: KeptChecks
  readonly #counted = new Map<string, Counted>()

  constructor(deps: ListedDeps) {
    this.#deps = deps
    this.#kept = new KeptChecks(deps)
  }

  /**
   * The checks of a project as they are now, or were a moment ago. Where a scan costs more than
   * their keys, they may be a minute old, for counts: rows are shown by `asNow`. What somebody has
   * just changed is as it is in any case.
   */
  async of(projectId: string, now: number): Promise<readonly ListedWithLeeway[]> {
    const { checks, changedIds } = await this.#kept.of(projectId, now)
    const ids = [...checks.values()].map(({ id }) => id)
    const heartbeats = await this.#heartbeats(projectId, ids, now)
    const changed = await this.#deps.heartbeats.readMany(changedIds)
    return this.#listed(checks, (id) => changed.get(id) ?? heartbeats.get(id), now)
  }

  /** The same without their state. */
  async definitions(projectId: string, now: number): Promise<readonly Check[]> {
    return [...(await this.#kept.of(projectId, now)).checks.values()]
  }

  /** Rows of such a list as they are now. */
  async asNow(
    projectId: string,
    rows: readonly ListedWithLeeway[],
    now: number,
  ): Promise<readonly ListedWithLeeway[]> {
    const readAt = this.#counted.get(projectId)?.readAt
    if (readAt === undefined || readAt === now) return rows
    const found = await this.#deps.heartbeats.readMany(rows.map(({ check }) => check.id))
    const checks = new Map(rows.map(({ key, check }) => [key, check]))
    return this.#listed(checks, (id) => found.get(id), now)
  }

  async #heartbeats(projectId: string, ids: readonly string[], now: number): Promise<Heartbeats> {
    const counted = this.#counted.get(projectId)
    if (counted !== undefined && now - counted.readAt < COUNTED_MS) return counted.heartbeats
    const heartbeats = await this.#deps.heartbeats.readList(ids, false)
    this.#counted.delete(projectId)
    if (!this.#deps.heartbeats.readsByKeys(ids.length)) return heartbeats
    this.#counted.set(projectId, { heartbeats, readAt: now })
    const [oldest] = this.#counted.keys()
    if (this.#counted.size > MOST_PROJECTS && oldest !== undefined) this.#counted.delete(oldest)
    return heartbeats
  }

  async #listed(
    checks: ReadonlyMap<string, Check>,
    heartbeatOf: (id: string) => Heartbeat | undefined,
    now: number,
  ): Promise<readonly ListedWithLeeway[]> {
    const impairment = await this.#deps.intake.impairmentAt(now)
    return Promise.all(
      Array.from(checks, async ([key, check]) => {
        const stored = heartbeatOf(check.id)
        const watched = await watchedCheck(this.#deps, { check, stored }, { now, impairment })
        const status = listStatusOf(statusAt(watched.heartbeat, now, watched.leeway))
        const isLost = lossOf(check, stored, now) !== undefined
        return { ...watched, key, status, isLost }
      }),
    )
  }
}
