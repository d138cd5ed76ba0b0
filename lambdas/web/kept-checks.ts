import type { AuditEntry } from '../domain/people/audit.ts'
import { type Check, uniqueKeyOf } from '../domain/watching/check.ts'
import type { Audits } from '../store/people/audits.ts'
import type { Registry } from '../store/registry/registry.ts'

export type KeptDeps = {
  readonly registry: Pick<Registry, 'checks' | 'checksByUniqueKeys'>
  readonly audits: Pick<Audits, 'since'>
}

/** By their unique keys: to make ten thousand of these takes longer than to show a page. */
type ByKey = ReadonlyMap<string, Check>

/** The checks of a project, and the ids of those that somebody has changed a moment ago. */
export type DefinedChecks = {
  readonly checks: ByKey
  readonly changedIds: readonly string[]
}

/** All is read anew so often, for what an operator does past everything that is noted. */
const KEPT_MS = 10 * 60_000
/** What is noted now may have been dated, and may be written, so much earlier or later. */
const OVERLAP_MS = 60_000
/** After more changes at once all is read anew. */
const MOST_CHANGES = 100
/** Of all projects; a definition takes a kilobyte or two of memory. */
const MOST_CHECKS = 50_000

type Kept = {
  readonly byKey: ByKey
  readonly readAt: number
  readonly lookedAt: number
  /** The changes that are in it, as far as they may be met again. */
  readonly seen: ReadonlySet<string>
}

/**
 * The definitions of projects. Ten thousand are 700 read units, so they are kept, and what has
 * changed since is looked up among what is noted of the project with each change: one unit, which
 * sees what was done a moment ago, wherever it was done (docs/decisions/0036).
 */
export class KeptChecks {
  readonly #deps: KeptDeps
  readonly #kept = new Map<string, Kept>()

  constructor(deps: KeptDeps) {
    this.#deps = deps
  }

  async of(projectId: string, now: number): Promise<DefinedChecks> {
    const before = this.#kept.get(projectId)
    const [kept, entries] =
      before === undefined || now - before.readAt >= KEPT_MS
        ? await Promise.all([this.#all(projectId, now), this.#changes(projectId, now)])
        : [before, await this.#changes(projectId, before.lookedAt)]
    const after =
      entries.length > MOST_CHANGES || entries.some(isOfMany)
        ? await this.#all(projectId, now)
        : await this.#brought(projectId, kept, entries)
    this.#keep(projectId, { ...after, lookedAt: now, seen: new Set(entries.map(placeOf)) })
    const changed = keysIn(entries).flatMap((key) => after.byKey.get(key)?.id ?? [])
    return { checks: after.byKey, changedIds: changed.slice(0, MOST_CHANGES) }
  }

  async #all(projectId: string, now: number): Promise<Kept> {
    const checks = await this.#deps.registry.checks(projectId, undefined, false)
    const byKey = new Map(checks.map((check) => [uniqueKeyOf(check.id), check]))
    return { byKey, readAt: now, lookedAt: now, seen: new Set() }
  }

  #changes(projectId: string, lookedAt: number): Promise<readonly AuditEntry[]> {
    return this.#deps.audits.since(projectId, lookedAt - OVERLAP_MS, MOST_CHANGES + 1)
  }

  /** The same with what has changed since. */
  async #brought(projectId: string, kept: Kept, entries: readonly AuditEntry[]): Promise<Kept> {
    const keys = keysIn(entries.filter((entry) => !kept.seen.has(placeOf(entry))))
    if (keys.length === 0) return kept
    const byKey = new Map(kept.byKey)
    for (const key of keys) byKey.delete(key)
    for (const check of await this.#deps.registry.checksByUniqueKeys(projectId, keys))
      byKey.set(uniqueKeyOf(check.id), check)
    return { ...kept, byKey }
  }

  /** Those kept longest without a look go first. */
  #keep(projectId: string, kept: Kept): void {
    this.#kept.delete(projectId)
    this.#kept.set(projectId, kept)
    let count = [...this.#kept.values()].reduce((sum, { byKey }) => sum + byKey.size, 0)
    for (const [id, { byKey }] of this.#kept) {
      if (count <= MOST_CHECKS) break
      this.#kept.delete(id)
      count -= byKey.size
    }
  }
}

/** Whether one entry stands for changes of many checks. */
function isOfMany({ action }: AuditEntry): boolean {
  return action === 'checks-imported' || action === 'project-restored'
}

/** The unique keys of the checks that entries are about. */
function keysIn(entries: readonly AuditEntry[]): readonly string[] {
  const subjects = entries.map(({ subject }) => subject).filter(({ kind }) => kind === 'check')
  return [...new Set(subjects.map(({ id }) => id))]
}

function placeOf({ at, requestId }: AuditEntry): string {
  return `${at} ${requestId}`
}
