import type { Check } from '../domain/watching/check.ts'
import { type ListedCheck, listStatusOf } from '../domain/watching/listing.ts'
import type { Leeway } from '../domain/watching/leeway.ts'
import { statusAt } from '../domain/watching/status-at.ts'
import { type WatchedDeps, withHeartbeats } from '../managing/watched.ts'
import type { KnownIntake } from '../store/watching/known-intake.ts'

export type ListedDeps = WatchedDeps & {
  readonly intake: Pick<KnownIntake, 'impairmentAt'>
}

/** A check of a list, with what puts its deadline off. */
export type ListedWithLeeway = ListedCheck & { readonly leeway: Leeway }

/** The definitions of large projects serve for so long: a thousand are 144 read units. */
const KEPT_MS = 60_000
/** A project with fewer checks is read for each page, so that a new check is there at once. */
const FEW_CHECKS = 500
const MOST_PROJECTS = 20

type Known = { readonly checks: readonly Check[]; readonly readAt: number }

/** The checks of projects as lists show them. */
export class ListedChecks {
  readonly #deps: ListedDeps
  readonly #known = new Map<string, Known>()

  constructor(deps: ListedDeps) {
    this.#deps = deps
  }

  /**
   * The checks of a project as they are now, or were a moment ago.
   * @param isPoll whether definitions may be up to a minute old in any case
   */
  async of(projectId: string, now: number, isPoll = false): Promise<readonly ListedWithLeeway[]> {
    const [checks, impairment] = await Promise.all([
      this.definitions(projectId, now, isPoll),
      this.#deps.intake.impairmentAt(now),
    ])
    const { heartbeats } = this.#deps
    const past = {
      readMany: (ids: readonly string[]) => heartbeats.readMany(ids),
      readList: (ids: readonly string[]) => heartbeats.readList(ids, false),
    }
    const deps = { knownWindows: this.#deps.knownWindows, heartbeats: past }
    const watched = await withHeartbeats(deps, checks, { now, impairment })
    return watched.map((each) => ({
      ...each,
      status: listStatusOf(statusAt(each.heartbeat, now, each.leeway)),
    }))
  }

  /** The same without their state. */
  async definitions(projectId: string, now: number, isPoll = false): Promise<readonly Check[]> {
    const known = this.#known.get(projectId)
    const serves =
      known !== undefined &&
      now - known.readAt < KEPT_MS &&
      (isPoll || known.checks.length >= FEW_CHECKS)
    if (serves) return known.checks
    const checks = await this.#deps.registry.checks(projectId)
    this.#known.delete(projectId)
    this.#known.set(projectId, { checks, readAt: now })
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST_PROJECTS && oldest !== undefined) this.#known.delete(oldest)
    return checks
  }
}
